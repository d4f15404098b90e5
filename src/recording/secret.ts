/** Stands in a recorded path or query where a secret stood; no letter that a target can have. */
export const secretMark = '\0';

/** The names that mean a secret as a whole word, and the beginnings and parts of others. */
const secretNames = /^(pass|pwd|sid|jwt|otp|pin|cvv|cvc|key|sig|hmac|auth|cookie|setcookie|ssn|iban)$/;
const secretParts =
  /token|secret|passw|passphrase|apikey|accesskey|privatekey|subscriptionkey|auth(?!or(?!i[zs]))|session(?!s?count)|phpsessid|csrf|xsrf|signature|credential|cardnumber|securitycode|bearer|cookie/;

/** Whether a header, a parameter of a query or a field of a body is secret by its name. */
export function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return secretNames.test(plain) || secretParts.test(plain);
}

/** JSON web tokens, keys of well-known services, and whatever is long and looks like chance. */
const secretTexts =
  /eyJ[\w-]{8,}(?:\.|%2E)[\w-]{4,}|\b(?:Bearer|Basic)[ +]\S{6,}|\b(?:sk|pk|rk|whsec)_(?:live|test)_\w{8,}|\bgh[pousr]_\w{16,}|\bxox[abprs]-[\w-]{8,}|\bAKIA[A-Z0-9]{12,}|\bAIza[\w-]{20,}/i;

/** Whether a value is secret by its looks. */
export function isSecretText(text: string): boolean {
  return text.length >= 8 && (secretTexts.test(text) || isChance(text));
}

/** 40 letters and digits in a row, of which neither makes a word or a number. */
function isChance(text: string): boolean {
  const run = /[\w+=~-]{40,}/.exec(text)?.[0];
  return run !== undefined && (run.match(/\d/g)?.length ?? 0) >= 4 && (run.match(/[a-zA-Z]/g)?.length ?? 0) >= 4;
}

/** Below these a path has what lets its reader in: `/reset-password/…`, `/invite/…`. */
const doors =
  /^(reset|passwordreset|resetpassword|verify|verification|verifyemail|confirm|confirmation|confirmemail|invite|invites|invitation|invitations|activate|activation|unsubscribe|magic|magiclink|token|tokens|share)$/;

/** Whether what follows this part of a path opens a door, if it looks like no number and no word. */
export function isDoor(segment: string): boolean {
  return doors.test(segment.toLowerCase().replace(/[^a-z0-9]/g, ''));
}

/** Whether it is long enough, and mixed enough, to be a key to that door. */
export function isDoorKey(segment: string): boolean {
  return segment.length >= 12 && /\d/.test(segment) && /[a-zA-Z]/.test(segment);
}
