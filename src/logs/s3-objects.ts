import type { S3Client } from '@aws-sdk/client-s3';
import { explainS3Error } from './s3-error.ts';

/** Where objects are kept. */
export interface S3Address {
  readonly bucket: string;
  /** Before every key, without a slash at its ends; may be empty. */
  readonly prefix: string;
  readonly region: string;
  /** Absent: AWS. */
  readonly endpoint?: string;
  /** The bucket is in the path, not in the host's name. */
  readonly pathStyle: boolean;
}

/** Objects of a bucket, by keys without the prefix. Every method rejects with a `UserError` when it is for the operator to mend. */
export interface Objects {
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** Null when there is none. */
  get(key: string): Promise<Uint8Array | null>;
  /** Keys that begin so, in the order of their bytes. */
  list(prefix: string): Promise<readonly string[]>;
  /** In any order, and only some of them when it fails; what is not there is content. */
  delete(keys: readonly string[]): Promise<void>;
  close(): void;
}

/** The most that one request may delete: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const DELETED_AT_ONCE = 1_000;

/**
 * Connects to an S3-compatible store. Credentials are found as AWS' own tools find them: environment, shared files, web identity, instance.
 * The library is large, and loaded only here.
 */
export async function openS3Objects(address: S3Address): Promise<Objects> {
  const sdk = await import('@aws-sdk/client-s3');
  const { bucket: Bucket, prefix, region, endpoint, pathStyle } = address;
  const root = prefix === '' ? '' : `${prefix}/`;
  const client: S3Client = new sdk.S3Client({
    region,
    forcePathStyle: pathStyle,
    ...(endpoint !== undefined && { endpoint }),
    // Stores that are not AWS do not know the newer checksums of uploads.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 20_000, throwOnRequestTimeout: true },
  });
  const url = `s3://${Bucket}${prefix === '' ? '' : `/${prefix}`}`;
  const explained = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw explainS3Error(error, url);
    }
  };

  async function list(from: string): Promise<readonly string[]> {
    const keys: string[] = [];
    let token: string | undefined;
    do {
      const page = await client.send(
        new sdk.ListObjectsV2Command({ Bucket, Prefix: root + from, ContinuationToken: token }),
      );
      keys.push(...(page.Contents ?? []).flatMap(({ Key }) => Key?.slice(root.length) ?? []));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return keys;
  }

  async function remove(keys: readonly string[]): Promise<void> {
    for (let start = 0; start < keys.length; start += DELETED_AT_ONCE) {
      const Objects = keys.slice(start, start + DELETED_AT_ONCE).map((key) => ({ Key: root + key }));
      const { Errors: [failed] = [] } = await client.send(
        new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }),
      );
      if (failed !== undefined)
        throw new Error(`${failed.Key} was not deleted: ${failed.Code} ${failed.Message}`);
    }
  }

  return {
    put: (key, bytes) =>
      explained(async () => {
        await client.send(new sdk.PutObjectCommand({ Bucket, Key: root + key, Body: bytes }));
      }),
    get: (key) =>
      explained(async () => {
        try {
          const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket, Key: root + key }));
          return (await Body?.transformToByteArray()) ?? null;
        } catch (error) {
          if (error instanceof sdk.NoSuchKey) return null;
          throw error;
        }
      }),
    list: (from) => explained(() => list(from)),
    delete: (keys) => explained(() => remove(keys)),
    close: () => client.destroy(),
  };
}
