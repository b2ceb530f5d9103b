import { Tags, type App, type Environment } from 'aws-cdk-lib';
import { DataStack } from './data-stack';
import { ServiceStack } from './service-stack';
import { readStage } from './stage';

/** Both stacks of one stage. Without an account they fit any: nothing is looked up. */
export function addModule(app: App, env: Environment = {}): { data: DataStack; service: ServiceStack } {
  const stage = readStage(app.node);
  const data = new DataStack(app, `${stage.prefix}-data`, { stage, env });
  const service = new ServiceStack(app, `${stage.prefix}-service`, { stage, data, env });
  const tags = { application: 'zzap-retailcrm', stage: stage.name };
  // Not every region's CloudFormation knows tags on a dashboard.
  const excludeResourceTypes = ['AWS::CloudWatch::Dashboard'];
  for (const [key, value] of Object.entries(tags)) Tags.of(app).add(key, value, { excludeResourceTypes });
  return { data, service };
}
