import { Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Stage } from '../stage';
import type { LogProps } from './node-function';

/** Who may call `/api` until people can sign in: those whom IAM lets. A deployment is never open by accident. */
const GUARDED = ['/api', '/api/{proxy+}'];
/** Their path holds the secret that opens them. */
const HOOKS = '/hooks/{proxy+}';

/**
 * One line per request. Never the path, which holds the secret of a hook; nor the address or the agent of a person.
 * `routeKey` says which part was asked.
 */
const ACCESS_LOG =
  '{"requestId":"$context.requestId","routeKey":"$context.routeKey","status":$context.status,' +
  '"latencyMs":$context.responseLatency,"integrationStatus":"$context.integrationStatus"}';

export interface HttpFrontProps {
  readonly name: string;
  readonly stage: Pick<Stage, 'requestsPerSecondMax' | 'requestsBurstMax'>;
  readonly logs: LogProps;
}

/** What the world sees: one HTTP API in front of the settings and the hooks. */
export class HttpFront extends Construct {
  readonly api: HttpApi;
  readonly accessLog: LogGroup;
  /** Without a slash at its end. */
  readonly baseUrl: string;

  constructor(scope: Construct, id: string, props: HttpFrontProps) {
    super(scope, id);
    this.accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `${props.logs.prefix}/access`,
      retention: props.logs.retention,
      removalPolicy: props.logs.removalPolicy,
    });
    this.api = new HttpApi(this, 'Api', { apiName: props.name, createDefaultStage: false });
    new HttpStage(this, 'Stage', {
      httpApi: this.api,
      autoDeploy: true,
      throttle: {
        rateLimit: props.stage.requestsPerSecondMax,
        burstLimit: props.stage.requestsBurstMax,
      },
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLog),
        format: AccessLogFormat.custom(ACCESS_LOG),
      },
    });
    this.baseUrl = this.api.apiEndpoint;
  }

  /** The functions need the address, so the routes come after them. */
  serve(functions: { readonly settings: LambdaFunction; readonly webhook: LambdaFunction }): void {
    const settings = new HttpLambdaIntegration('Settings', functions.settings);
    const webhook = new HttpLambdaIntegration('Webhook', functions.webhook);
    const authorizer = new HttpIamAuthorizer();
    const methods = [HttpMethod.ANY];
    for (const path of GUARDED) this.api.addRoutes({ path, methods, integration: settings, authorizer });
    const open = [
      ...this.api.addRoutes({ path: HOOKS, methods, integration: webhook }),
      new HttpRoute(this, 'Rest', {
        httpApi: this.api,
        routeKey: HttpRouteKey.DEFAULT,
        integration: settings,
      }),
    ];
    for (const route of open) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'Meant for everybody: hooks carry a secret of 256 bits, the rest is the form itself and its health.',
      });
    }
  }
}
