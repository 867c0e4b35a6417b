import { readFileSync } from 'node:fs';
import { decodeSafetensors, flattenTree, unflattenTree, type HostTensor } from './src/index.ts';
import { trace } from './src/trace.ts';
import { lowerConvolutions, chooseMethod } from './src/passes/lower-convolutions.ts';
import { lowerNormalisation } from './src/passes/lower-normalisation.ts';
import { pushTransposes } from './src/passes/push-transposes.ts';
import { onnxConvolution } from './src/passes/convolution/onnx-convolution.ts';
import { im2col } from './src/passes/convolution/im2col.ts';
import { winograd } from './src/passes/convolution/winograd.ts';
import { encodeOnnx } from './src/onnx/encode.ts';
import { createOnnxRuntime } from './src/runtimes/onnxruntime.ts';
import { step, initialState, batchSpec } from './test/dcgan.ts';
import { resultsAt, stepErrors } from './test/pytorch-step.ts';
const [file, width, batch, steps, modes] = process.argv.slice(2) as string[];
const truth = decodeSafetensors(readFileSync(file!));
const size = { latent: 100, width: Number(width), batch: Number(batch) };
const METHODS: any = {
  default: chooseMethod, onnx: () => onnxConvolution,
  m3: (g: any) => { const m = chooseMethod(g); if ([onnxConvolution, im2col].includes(m) || g.outSize[0]*g.outSize[1]===1) return m; return winograd(g.outSize[0] >= 32 ? 3 : 2); },
  m2: (g: any) => { const m = chooseMethod(g); return [onnxConvolution, im2col].includes(m) || g.outSize[0]*g.outSize[1]===1 ? m : winograd(2); },
};
for (const mode of modes!.split(',')) {
  const init = initialState(size);
  const raw = trace((state: any, b: any) => { const r = step(state, b); return [{ prefix: 'out.', tensors: { ...r.outputs, gradients: r.gradients } as any }]; },
    [{ prefix: 'state.', specs: init as any }, { prefix: 'batch.', specs: batchSpec(size) as any }]);
  let graph = lowerNormalisation(pushTransposes(lowerConvolutions(raw, METHODS[mode])));
  graph = { inputs: graph.inputs, outputs: graph.outputs };
  const outs = Object.fromEntries(graph.outputs.map(({ name, value }) => [name.slice(4), { shape: value.shape, dtype: value.dtype as any }]));
  const flat0 = flattenTree<HostTensor>(init as any);
  const rt = await createOnnxRuntime({ model: encodeOnnx(graph), device: 'cpu', threads: 2, state: {}, batch: { } as any, outputs: outs, layouts: {}, watched: [], profilePrefix: undefined, deviceId: undefined, shared: undefined } as any);
  for (const s of steps!.split(',')) {
    const feeds: any = {};
    for (const [n, t] of Object.entries(flat0)) feeds['state.' + n] = truth[`${s}.state.${n}`] ?? { ...t, data: new Float32Array(t.data.length) };
    feeds['batch.images'] = truth[`${s}.batch.images`]; feeds['batch.latent'] = truth[`${s}.batch.latent`];
    // the runtime prefixes batch names
    const ort = await import('onnxruntime-node');
    const sess = (rt as any);
    const out = await (async () => {
      const r: any = {};
      const session = await ort.InferenceSession.create(encodeOnnx(graph), { intraOpNumThreads: 2 });
      const f: any = {}; for (const [n, t] of Object.entries<any>(feeds)) f[n] = new ort.Tensor('float32', t.data, [...t.shape]);
      const names = session.inputNames; for (const k of Object.keys(f)) if (!names.includes(k)) delete f[k];
      const res = await session.run(f);
      for (const [n, t] of Object.entries<any>(res)) { const k = n.slice(4); r[k.startsWith('gradients') ? k : 'outputs.' + k] = { shape: t.dims, dtype: 'float32', data: t.data }; }
      await session.release(); return r;
    })();
    const dbl = resultsAt(truth, `${s}.`), sgl = resultsAt(truth, `${s}.single.`);
    const a = stepErrors(out, dbl), b = Object.keys(sgl).length ? stepErrors(out, sgl) : a, c = Object.keys(sgl).length ? stepErrors(sgl, dbl) : a;
    console.log(`== ${mode} step ${s} loss D ${dbl['outputs.discriminatorLoss']!.data[0]} G ${dbl['outputs.generatorLoss']!.data[0]} err: ours-double ${a.loss.toExponential(2)} ours-single ${b.loss.toExponential(2)} single-double ${c.loss.toExponential(2)}`);
    for (const n of Object.keys(a.gradients)) console.log(n.slice(10).padEnd(32), a.gradients[n]!.toExponential(2), b.gradients[n]!.toExponential(2), c.gradients[n]!.toExponential(2), 'norm', Math.sqrt((dbl[n]!.data as any).reduce((x: number, y: number) => x + y * y, 0)).toExponential(2));
  }
}
