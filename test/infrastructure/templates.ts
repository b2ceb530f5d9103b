import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { addModule } from '../../lib/module';
import { read } from '../architecture/sources';

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
  readonly DeletionPolicy?: string;
  readonly DependsOn?: readonly string[];
}
export type Resources = Readonly<Record<string, Resource>>;

const { context } = JSON.parse(read('cdk.json')) as { readonly context: Readonly<Record<string, unknown>> };

/** The app as `cdk synth` builds it, without bundling: what the code is does not matter here. */
export function anApp(settings: Readonly<Record<string, unknown>> = {}): App {
  return new App({ context: { ...context, 'aws:cdk:bundling-stacks': [], ...settings } });
}

/** Both templates; the assertions refuse one with a circle. */
export function synthesised(settings: Readonly<Record<string, unknown>> = {}) {
  const { data, service } = addModule(anApp(settings));
  return { data: Template.fromStack(data), service: Template.fromStack(service), stacks: { data, service } };
}

export function resourcesOf(template: Template, type: string): Resources {
  return template.findResources(type) as Resources;
}

/** The one resource of the type whose logical id begins so. */
export function only(template: Template, type: string, idBegins = ''): Resource {
  const found = Object.entries(resourcesOf(template, type)).filter(([id]) => id.startsWith(idBegins));
  if (found.length !== 1) throw new Error(`${String(found.length)} of ${type} ${idBegins}*`);
  return found[0]![1];
}

/** A reference as a reader says it: `Lane/Queue`'s ARN is LaneQueue, an imported table's is Tablesconnections. */
export function readable(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [[how, what] = []] = Object.entries(value);
  if (how === 'Fn::Join') return (what as [string, unknown[]])[1].map(readable).join('');
  const name = how === 'Fn::GetAtt' ? (what as string[])[0] : String(what);
  return (name ?? '')
    .replace(/^.*:ExportsOutput(FnGetAtt|Ref)/, '')
    .replace(/[0-9A-F]{8}(Arn)?([0-9A-F]{8})?$/, '');
}
