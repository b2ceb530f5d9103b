import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { addModule } from '../lib/module';

const { CDK_DEFAULT_ACCOUNT: account, CDK_DEFAULT_REGION: region } = process.env;

const app = new App();
addModule(app, { ...(account !== undefined && { account }), ...(region !== undefined && { region }) });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
app.synth();
