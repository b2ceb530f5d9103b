import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSettingsApp } from './http/app';
import { openForm } from './http/assets';
import { createCaretakerHandler, type CaretakerHandler } from './lambda/caretaker';
import { answerHttpEvents, type HttpHandler } from './lambda/http-event';
import { once } from './lambda/once';
import { reconcileSchedules } from './settings/reconcile-schedules';
import { watchConnections } from './settings/watch-connections';
import { composeCaretaker, composeInCloud } from './wiring/cloud';
import { caretakerVariables, readCloudEnvironment, settingsVariables } from './wiring/cloud-environment';

// One package, two functions with variables of their own: each wires itself when it is first called.

/** A save may ask both remote systems one after the other, and the API gives up after 30 seconds. */
const REMOTE_PATIENCE_MS = 12_000;

const answer = once(() => {
  const environment = readCloudEnvironment(settingsVariables);
  const ports = composeInCloud(environment, {
    publicUrl: environment.PUBLIC_URL,
    patienceMs: REMOTE_PATIENCE_MS,
  });
  const description = readFileSync(join(__dirname, 'openapi.json'), 'utf8');
  const serveForm = openForm(join(__dirname, 'assets'));
  return answerHttpEvents(createSettingsApp(ports, { serveForm, describe: () => description }));
});

const takeCare = once(() => {
  const ports = composeCaretaker(readCloudEnvironment(caretakerVariables));
  return createCaretakerHandler({
    watch: () => watchConnections(ports),
    reconcile: () => reconcileSchedules(ports),
  });
});

/** The settings: form and API behind the HTTP API. */
export const handler: HttpHandler = async (event) => answer()(event);

/** The caretaker, on its own schedule: `{"task": "watch"}` or `{"task": "reconcile"}`. */
export const caretaker: CaretakerHandler = async (input) => takeCare()(input);
