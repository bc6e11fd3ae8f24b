// Loaded before the service by `start`: should `start` vanish, the service shuts down as on SIGTERM.
process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
process.channel?.unref();
