import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Cluster, createNamespace, createSecret, type Namespace } from '../cluster.ts';
import { CHART } from '../helm.ts';
import type { Installed } from '../installed.ts';
import { FULL } from '../releases.ts';

/** What helm says where values or Secrets are wrong. */
export function describeRefusals(installed: () => Installed): void {
  describe('what cannot work is refused at install, by name', () => {
    let cluster: Cluster;
    let empty: Namespace;
    const attempt = (values: object): Promise<string> =>
      cluster.helm.run(['install', 'deepstyle', CHART, '--namespace', empty.name], values);

    beforeAll(async () => {
      ({ cluster } = installed());
      empty = await createNamespace(cluster, 'empty');
      await createSecret(cluster, empty, 'half', ['DATABASE_URL', 'NATS_URL', 'API_TOKEN']);
    });

    test.each([
      [{ gpu: { count: 0.5 } }, /gpu\/count/],
      [{ componentz: {} }, /componentz/],
      [{ components: { 'gan-trainer-worker': { replikas: 2 } } }, /replikas/],
      [{ s3: { endpoint: 's3.example.org/bucket' } }, /s3\/endpoint/],
      [{ default: { resources: { limits: { memory: 'lots' } } } }, /limits\/memory.*lots/],
    ])('values that do not fit the schema: %j', async (values, named) => {
      await expect(attempt({ s3: FULL.s3, ...values })).rejects.toThrow(named);
    });

    test('no S3 server', async () => {
      await expect(attempt({})).rejects.toThrow(/s3\.endpoint is empty\. Set it/);
    });

    test('a Secret that is not there', async () => {
      await expect(attempt({ s3: FULL.s3 })).rejects.toThrow(
        /no Secret deepstyle in the namespace empty.*kubectl/s,
      );
    });

    test('a Secret without one of the keys', async () => {
      await expect(attempt({ s3: FULL.s3, existingSecret: 'half' })).rejects.toThrow(
        /half has no key S3_ACCESS_KEY/,
      );
    });

    test('two that scale one component', async () => {
      const both = {
        keda: { natsMonitoring: 'nats:8222' },
        components: { gateway: { keda: { enabled: true, jobs: ['x'] } } },
      };
      await createSecret(cluster, empty);
      await expect(attempt({ s3: FULL.s3, ...both })).rejects.toThrow(/both keda and autoscaling/);
    });

    test('a service without a key of its own', async () => {
      const own = { secrets: { DATABASE_URL: { perService: true } } };
      await expect(attempt({ ...FULL, ...own })).rejects.toThrow(
        /deepstyle has no key DATABASE_URL_CROPPER/,
      );
    });

    test.each([
      ['database', /networkPolicy\.database\.to is empty.*--set-json/s],
      ['bus', /networkPolicy\.bus\.to is empty/],
      ['objects', /networkPolicy\.objects\.to is empty/],
    ])(
      'a store that a policy would let nobody, or everybody, look for: %s',
      async (store, named) => {
        const networkPolicy = { ...FULL.networkPolicy, [store]: {} };
        await expect(attempt({ s3: FULL.s3, networkPolicy })).rejects.toThrow(named);
        networkPolicy[store as 'bus'] = { to: [{ ipBlock: { cidr: '0.0.0.0/0' } }] };
        await expect(attempt({ s3: FULL.s3, networkPolicy })).rejects.toThrow(
          /opens every address/,
        );
      },
    );

    test.each([
      [[{ cidr: '0.0.0.0/1' }, { cidr: '128.0.0.0/1' }], /every address of 0\.0\.0\.0\/1/],
      [[{ cidr: '10.0.0.0/8' }, { cidr: '8.0.0.0/5' }], /every address of 8\.0\.0\.0\/5/],
      [[{ cidr: '0.0.0.0/0', except: ['1.2.3.4/32'] }], /every address of 0\.0\.0\.0\/0/],
      [[{ cidr: '2000::/3' }], /every address of 2000::\/3/],
      [[{ cidr: 'fc00::/1' }], /every address of fc00::\/1/],
      [[{ cidr: 'fc::/7' }], /every address of fc::\/7/],
      // By which one comes to IPv4: mapped, NAT64, 6to4, Teredo.
      [[{ cidr: '::ffff:0:0/96' }], /every address of ::ffff:0:0\/96/],
      [[{ cidr: '64:ff9b::/96' }], /every address of 64:ff9b::\/96/],
      [[{ cidr: '2002::/16' }], /every address of 2002::\/16/],
      [[{ cidr: '2001::/32' }], /every address of 2001::\/32/],
      // What one program takes for a network and another does not.
      [[{ cidr: '0.0.0.0/00' }], /networkPolicy.*cidr.*does not match pattern/s],
      [[{ cidr: '010.1.0.0/16' }], /does not match pattern/],
      [[{ cidr: '::ffff:0.0.0.0/96' }], /does not match pattern/],
    ])('a store in the whole internet, in parts: %j', async (blocks, named) => {
      const bus = { to: blocks.map((ipBlock) => ({ ipBlock })) };
      const networkPolicy = { ...FULL.networkPolicy, bus };
      await expect(attempt({ s3: FULL.s3, networkPolicy })).rejects.toThrow(named);
    });

    test('a store in private networks is not refused for it', async () => {
      const blocks = ['10.0.0.0/8', '172.16.0.0/12', 'fc00::/7', 'fd12:3456::/32', '2001:db8::/32'];
      const bus = { to: blocks.map((cidr) => ({ ipBlock: { cidr } })) };
      const networkPolicy = { ...FULL.networkPolicy, bus };
      // The next check finds nothing to call.
      await expect(
        attempt({ ...FULL, networkPolicy, telemetry: { otlpEndpoint: 'http://c:4318' } }),
      ).rejects.toThrow(/telemetry\.otlpTo is empty/);
    });

    test('a collector that is nowhere, and names that anybody may resolve', async () => {
      const telemetry = { otlpEndpoint: 'http://collector:4318' };
      await expect(attempt({ ...FULL, telemetry })).rejects.toThrow(/telemetry\.otlpTo is empty/);
      const networkPolicy = { ...FULL.networkPolicy, dnsTo: [] };
      await expect(attempt({ ...FULL, networkPolicy })).rejects.toThrow(/dnsTo/);
    });

    const everywhere = [{ ipBlock: { cidr: '0.0.0.0/0' } }];
    test.each([
      ['networkPolicy.dnsTo', { networkPolicy: { ...FULL.networkPolicy, dnsTo: everywhere } }],
      ['telemetry.otlpTo', { telemetry: { otlpTo: everywhere } }],
    ])('every address by a side way: %s', async (name, values) => {
      await expect(attempt({ ...FULL, ...values })).rejects.toThrow(`${name} opens every address`);
    });

    test('and leaves nothing behind', async () => {
      expect(await empty.pods()).toEqual([]);
      expect(await empty.list('/apis/apps/v1', 'deployments')).toEqual([]);
    });
  });
}
