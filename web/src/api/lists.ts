/** lastOf is a list's last, where there is one: the server leaves empty lists out, or writes null. */
export const lastOf = <T>(list: T[] | null | undefined): T | undefined => list?.[list.length - 1];
