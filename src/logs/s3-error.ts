import { UserError } from '../core/user-error.ts';

/** What is known of a store that does not do what it is asked. */
interface S3Failure {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
}

const REFUSED =
  /^(AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|InvalidToken|Forbidden)$/;

/** Turns what the operator can mend into words that say how; every other error stays what it is. `url` is `s3://bucket/prefix`. */
export function explainS3Error(error: unknown, url: string): unknown {
  const { name, message, status } = failureOf(error);
  if (name === 'CredentialsProviderError' || message.includes('Could not load credentials')) {
    return new UserError(
      'log-store-no-credentials',
      `There are no credentials for ${url}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or give the pod's service account a role`,
      { cause: error },
    );
  }
  if (name === 'NoSuchBucket' || (status === 404 && name === 'NotFound')) {
    return new UserError(
      'log-store-bucket-missing',
      `There is no bucket for logs at ${url}: make it, or mend TEKTON_CI_LOG_STORE; for a store that is not AWS, set TEKTON_CI_S3_ENDPOINT too`,
      { cause: error },
    );
  }
  if (status === 301 || name === 'PermanentRedirect' || name === 'AuthorizationHeaderMalformed') {
    return new UserError(
      'log-store-wrong-region',
      `The bucket of ${url} is in another region: set TEKTON_CI_S3_REGION to its own`,
      { cause: error },
    );
  }
  if (status === 403 || REFUSED.test(name)) {
    return new UserError(
      'log-store-refused',
      `Logs may not be kept at ${url} (${name}): the credentials are wrong, or may not list, get, put and delete objects there`,
      { cause: error },
    );
  }
  return error;
}

function failureOf(error: unknown): S3Failure {
  if (!(error instanceof Error)) return { name: '', message: '', status: undefined };
  const metadata = '$metadata' in error ? error.$metadata : undefined;
  const status =
    typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
      ? metadata.httpStatusCode
      : undefined;
  return {
    name: error.name,
    message: error.message,
    status: typeof status === 'number' ? status : undefined,
  };
}
