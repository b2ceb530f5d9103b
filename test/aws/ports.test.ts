import { describeAwsPorts } from '../contract/ports/aws.suite';

describeAwsPorts('the endpoint');
