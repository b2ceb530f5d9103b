import { Refusal, type RefusedField } from '../domain/refusal';
import { asRemoteError, type RemoteErrorFacts } from '../domain/remote-error';

/** Says in the form's terms what a remote system did not like. Other errors are thrown on. */
export function refusalOf(error: unknown): Refusal {
  const remote = asRemoteError(error);
  if (!remote) throw error;
  const { facts } = remote;
  const field = fieldOf(facts);
  if (field) return new Refusal('invalid', 'check-failed', { fields: [field], cause: error });
  return new Refusal('remote', `${facts.remote}-${temporary(facts) ? 'unavailable' : 'refuses'}`, {
    params: { detail: facts.detail },
    cause: error,
  });
}

function temporary({ kind }: RemoteErrorFacts): boolean {
  return kind === 'unavailable' || kind === 'rate-limited';
}

/** The field of the form that the remote's refusal is about, as far as the remote tells. */
function fieldOf(facts: RemoteErrorFacts): RefusedField | null {
  if (facts.remote === 'retailcrm') {
    if (facts.kind === 'not-found') return { path: 'crmUrl', code: 'crm-account-not-found' };
    return facts.kind === 'auth' ? { path: 'apiKey', code: 'crm-key-refused' } : null;
  }
  if (facts.kind !== 'auth') return null;
  const params = { detail: facts.detail };
  switch (facts.credential) {
    case 'login':
      return { path: 'login', code: 'zzap-login-refused', params };
    case 'password':
      return { path: 'password', code: 'zzap-password-refused', params };
    case 'apiKey':
      return { path: 'zzapApiKey', code: 'zzap-key-refused', params };
    default:
      return { path: 'login', code: 'zzap-credentials-refused', params };
  }
}
