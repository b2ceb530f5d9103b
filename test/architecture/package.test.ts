import { USER_AGENT, VERSION } from '../../functions/version';
import { read } from './sources';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly private: boolean;
  readonly engines: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly inBundle?: boolean;
}

const packageJson = JSON.parse(read('package.json')) as Package;
const lock = JSON.parse(read('package-lock.json')) as {
  readonly version: string;
  readonly packages: Readonly<Record<string, Locked & Partial<Package>>>;
};

describe('the package', () => {
  it('has one version everywhere', () => {
    expect(VERSION).toBe(packageJson.version);
    expect(USER_AGENT).toBe(`zzap-retailcrm/${packageJson.version}`);
    expect([lock.version, lock.packages['']?.version]).toEqual([packageJson.version, packageJson.version]);
  });

  it('says on which Node it runs', () => {
    expect(packageJson.engines['node']).toMatch(/^>=\d+/);
  });

  it('pins the exact version of everything it needs', () => {
    const needed = Object.entries({ ...packageJson.dependencies, ...packageJson.devDependencies });

    expect(needed.length).toBeGreaterThan(10);
    expect(needed.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  it('needs nothing twice', () => {
    const twice = Object.keys(packageJson.dependencies).filter((name) => name in packageJson.devDependencies);

    expect(twice).toEqual([]);
  });

  it('is locked to what it pins', () => {
    const root = lock.packages[''];

    expect(root?.dependencies).toEqual(packageJson.dependencies);
    expect(root?.devDependencies).toEqual(packageJson.devDependencies);
  });

  it('is locked by content and names no place to download from', () => {
    const locked = Object.entries(lock.packages).filter(([path]) => path !== '');

    expect(locked.length).toBeGreaterThan(100);
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    const unchecked = locked.filter(([, { integrity, inBundle }]) => integrity === undefined && !inBundle);
    expect(unchecked.map(([path]) => path)).toEqual([]);
    expect(read('.npmrc')).toContain('omit-lockfile-registry-resolved=true');
  });

  it('is free software under the licence it names', () => {
    expect(packageJson.license).toBe('MIT');
    expect(read('LICENSE')).toMatch(/^MIT License/);
  });
});
