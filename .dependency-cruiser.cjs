/** Import directions of docs/architecture.md. Each comment says what to do instead. */
module.exports = {
  forbidden: [
    {
      name: 'domain-is-pure',
      comment: 'The domain imports nothing outside itself. Take what you need as an argument.',
      severity: 'error',
      from: { path: '^functions/domain/' },
      to: { pathNot: '^functions/domain/' },
    },
    {
      name: 'ports-speak-domain',
      comment: 'A port is a contract in our language: only domain types may appear in it.',
      severity: 'error',
      from: { path: '^functions/ports/' },
      to: { pathNot: '^functions/(domain|ports)/' },
    },
    {
      name: 'use-cases-see-domain-and-ports-only',
      comment: 'Ask for a port and let wiring/ hand in the implementation.',
      severity: 'error',
      from: { path: '^functions/(sync|settings)/' },
      to: { pathNot: '^functions/(domain|ports|sync|settings)/' },
    },
    {
      name: 'http-calls-use-cases',
      comment: 'A handler parses, calls one use case and maps the answer; it never reaches an adapter.',
      severity: 'error',
      from: { path: '^functions/http/' },
      to: { path: '^functions/(zzap|retailcrm|storage|aws|remote|sealing|wiring|local)/' },
    },
    {
      name: 'adapters-implement-ports',
      comment:
        'An adapter knows the domain and the ports it implements, nothing above it and no other adapter.',
      severity: 'error',
      from: { path: '^functions/(zzap|retailcrm|storage|aws|remote|sealing)/' },
      to: { path: '^functions/(http|wiring|local|sync|settings)/' },
    },
    ...['zzap', 'retailcrm', 'storage', 'aws', 'remote', 'sealing'].map((name) => ({
      name: `${name}-is-a-stranger-to-other-adapters`,
      comment:
        'Adapters do not know each other. What two share has a subject and a folder of its own (remote/, sealing/).',
      severity: 'error',
      from: { path: `^functions/${name}/` },
      to: { path: '^functions/(zzap|retailcrm|storage|aws)/', pathNot: `^functions/${name}/` },
    })),
    {
      name: 'aws-sdk-in-adapters-only',
      comment: 'Reach AWS through a port.',
      severity: 'error',
      from: { path: '^functions/', pathNot: '^functions/(storage|aws|wiring|local)/' },
      to: { path: 'node_modules/@aws-sdk/' },
    },
    {
      name: 'sandbox-is-a-remote',
      comment:
        'The sandbox plays two foreign systems: it must not share code with the module that talks to it.',
      severity: 'error',
      from: { path: '^functions/local/sandbox/' },
      to: { path: '^functions/', pathNot: '^functions/local/sandbox/' },
    },
    {
      name: 'probe-is-a-tool',
      comment: 'The probe and the words of the assumptions are for people: nothing that runs needs them.',
      severity: 'error',
      from: { path: '^(functions|bin|lib)/', pathNot: '^functions/probe/' },
      to: { path: '^functions/probe/' },
    },
    {
      name: 'infra-and-runtime-are-strangers',
      comment:
        'lib/ names entry files by path only; the one thing both sides read is what the tables look like.',
      severity: 'error',
      from: { path: '^(bin|lib)/' },
      to: { path: '^functions/', pathNot: '^functions/storage/table-definitions\\.ts$' },
    },
    {
      name: 'runtime-never-imports-cdk',
      comment: 'The stack is not part of what runs.',
      severity: 'error',
      from: { path: '^functions/' },
      to: { path: '^(bin|lib)/|node_modules/(aws-cdk-lib|constructs)/' },
    },
    {
      name: 'production-never-imports-test',
      comment: 'Move what production needs out of test/.',
      severity: 'error',
      from: { path: '^(bin|lib|functions)/' },
      to: { path: '^test/' },
    },
    {
      name: 'lambda-ships-without-dev-deps',
      comment: 'What runs in the cloud is a dependency, not a devDependency.',
      severity: 'error',
      from: { path: '^functions/', pathNot: '^functions/local/' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
    {
      name: 'no-cycles',
      comment: 'Find the concept both sides need and give it a file.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-orphans',
      comment: 'Nobody imports this file: delete it or wire it.',
      severity: 'error',
      from: { orphan: true, path: '^functions/', pathNot: '^functions/[^/]+\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default'],
    },
  },
};
