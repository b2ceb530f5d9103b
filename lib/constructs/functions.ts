import { Duration, Validations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import * as rights from '../rights';
import { variablesOf, type VariablesProps } from '../variables';
import { SYNC_TIMEOUT } from './lane';
import { NodeFunction, type LogProps } from './node-function';

/** The four functions: what each is told and what each may do. */
export class Functions extends Construct {
  readonly settings: NodeFunction;
  readonly webhook: NodeFunction;
  readonly sync: NodeFunction;
  readonly caretaker: NodeFunction;

  constructor(scope: Construct, id: string, props: VariablesProps & { readonly logs: LogProps }) {
    super(scope, id);
    const { logs, lane, schedules } = props;
    const { tables, vaultKey } = props.data;
    const variables = variablesOf(props);
    const synchronising = () => [
      ...rights.useTables(tables),
      ...rights.knockOnLane(lane),
      ...rights.openVault(vaultKey),
      ...rights.keepSchedules(schedules),
    ];
    this.settings = new NodeFunction(this, 'Settings', {
      name: 'settings',
      description: 'The form, its API and what RetailCRM calls',
      bundle: 'settings',
      memoryMb: 1024,
      // The API gives up after 30 seconds.
      timeout: Duration.seconds(29),
      environment: variables.settings,
      rights: synchronising(),
      logs,
    });
    this.webhook = new NodeFunction(this, 'Webhook', {
      name: 'webhook',
      description: 'Takes hints that something changed and wakes the lane',
      bundle: 'webhook',
      memoryMb: 512,
      // Whoever knocks is answered in milliseconds; this is for the SDK's repeats when AWS itself is slow.
      timeout: Duration.seconds(25),
      environment: variables.webhook,
      rights: [...rights.recogniseHooks(tables), ...rights.knockOnLane(lane)],
      logs,
    });
    this.sync = new NodeFunction(this, 'Sync', {
      name: 'sync',
      description: 'Synchronises one connection per message of the lane',
      bundle: 'sync',
      memoryMb: 1024,
      timeout: SYNC_TIMEOUT,
      environment: variables.sync,
      rights: synchronising(),
      logs,
    });
    this.caretaker = new NodeFunction(this, 'Caretaker', {
      name: 'caretaker',
      description: 'Looks for silent connections and mends schedules',
      bundle: 'settings',
      handler: 'caretaker',
      memoryMb: 512,
      timeout: Duration.minutes(10),
      environment: variables.caretaker,
      rights: [
        ...rights.overlookConnections(tables),
        ...rights.knockOnLane(lane),
        ...rights.keepSchedules(schedules),
        ...rights.listSchedules(),
      ],
      logs,
    });
    for (const { role } of [this.settings, this.sync, this.caretaker]) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${schedules.scheduleArnsAsFound}]`,
        reason: 'Schedules are named after connections, which are made at run time. The group is ours alone.',
      });
    }
    Validations.of(this.caretaker.role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'scheduler:ListSchedules can be bound to no resource. It shows names and opens nothing.',
    });
  }
}
