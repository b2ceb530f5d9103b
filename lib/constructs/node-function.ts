import { AssetHashType, DockerImage, type Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { join } from 'node:path';
import { bundle, type BundleName } from '../bundling';

const FUNCTIONS = join(__dirname, '../../functions');

export interface LogProps {
  /** Begins the names of all logs of a stage. */
  readonly prefix: string;
  readonly retention: RetentionDays;
  readonly removalPolicy: RemovalPolicy;
}

export interface NodeFunctionProps {
  readonly name: string;
  readonly description: string;
  readonly bundle: BundleName;
  /** Name of the export; `handler` unless one bundle serves two functions. */
  readonly handler?: string;
  /** Processor time grows with it. */
  readonly memoryMb: number;
  readonly timeout: Duration;
  readonly environment: Readonly<Record<string, string>>;
  readonly logs: LogProps;
  /** Everything it may do besides writing its own log. */
  readonly rights: readonly PolicyStatement[];
}

/**
 * One function with its log and its role. The role begins with nothing: AWS's managed policy would allow every log of
 * the account.
 *
 * There is no X-Ray: the code is not instrumented, so a trace would show one box, at the price of a right to `*`. Each
 * run's wide event has the calls and the time they took.
 */
export class NodeFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: NodeFunctionProps) {
    super(scope, id);
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: `${props.logs.prefix}/${props.name}`,
      retention: props.logs.retention,
      removalPolicy: props.logs.removalPolicy,
    });
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      description: `What ${props.name} may do`,
    });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [this.logGroup.logGroupArn],
      }),
    );
    for (const right of props.rights) this.role.addToPolicy(right);
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: codeOf(props.bundle),
      handler: `index.${props.handler ?? 'handler'}`,
      role: this.role,
      logGroup: this.logGroup,
      memorySize: props.memoryMb,
      timeout: props.timeout,
      environment: { ...props.environment },
    });
  }
}

/** Bundled on this machine; the version of the code is its content, so an equal bundle is not deployed again. */
function codeOf(name: BundleName): Code {
  return Code.fromAsset(FUNCTIONS, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none'),
      // Never run. CDK remembers assets by these settings without `local`: unequal commands keep functions apart.
      command: [name],
      local: {
        tryBundle: (directory) => {
          bundle(name, directory);
          return true;
        },
      },
    },
  });
}
