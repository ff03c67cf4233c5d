import * as z from 'zod';

// First of all modules: a schema compiles itself at its first use, which pays only where it is used often.
z.config({ jitless: true });
