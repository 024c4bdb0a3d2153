import { userInfo } from 'node:os';

/** Who gives an order, as the system knows it. */
export function whoAmI(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}
