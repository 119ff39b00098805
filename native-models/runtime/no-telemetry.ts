// Imported before onnxruntime-node, whose Linux and macOS builds otherwise report models, sessions and a lasting device number to
// Microsoft (its docs/Privacy.md). What people own and look for leaves this computer for nobody. Inference process.

// The runtime reads this once, when it is loaded; with it, nothing is collected, stored or sent.
process.env['ORT_DISABLE_TELEMETRY'] = '1';
