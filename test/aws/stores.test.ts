import { describeDynamoDbStores } from '../contract/stores/dynamodb.suite';
import { startEndpointDatabases } from './databases';

describeDynamoDbStores('the endpoint', startEndpointDatabases);
