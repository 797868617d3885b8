/** `workers/wait-thread` with all that it imports, as one script. `npm run build` makes it. */
export const waitThreadSource: string;
