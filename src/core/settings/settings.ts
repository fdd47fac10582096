import type { Resources, ToolchainName } from '../config/config.ts';

/** What the installer decides, once short forms are widened and defaults filled in; never in a repository. */
export interface OperatorSettings extends SharedSettings {
  readonly pullPolicy: PullPolicy;
  /** Seconds until a run that cannot start is ended. */
  readonly startTimeout: number;
  readonly limits: Limits;
  readonly keep: Keep;
  readonly links: Links;
  /** Logins, in lower case, whose commits run without approval but untrusted; `dependabot[bot]` is always one. */
  readonly bots: readonly string[];
  /** In the order of the file. What they mean for a repository is for `settingsFor` to say. */
  readonly repositories: readonly RepositoryRule[];
}

/** What the operator settings mean for one repository. */
export interface RepositorySettings extends SharedSettings, Grants {
  readonly pullPolicy: PullPolicy;
  /** Seconds until a run that cannot start is ended. */
  readonly startTimeout: number;
  readonly limits: Pick<Limits, 'perRepository'>;
}

/** What can be said for all repositories and again for some. */
export interface SharedSettings {
  /** Where runs are made, and where every Secret, claim and service account named here is looked for. */
  readonly namespace: string;
  readonly layout: Layout;
  /** Where the layout `tasks` keeps the source. */
  readonly storage: Storage;
  /** The claim of the dependency cache; absent: nothing is kept between runs. */
  readonly cache?: Claim;
  /** The most seconds that a repository may ask for. */
  readonly timeout: number;
  /** For stages that ask for nothing, or for one of the two only. */
  readonly resources: Required<Resources>;
  readonly images: Images;
  readonly kaniko: KanikoSettings;
  readonly clone: CloneSettings;
  readonly podTemplate: PodTemplate;
  /** Credentials of the clone step besides the app's own token; not for untrusted runs. */
  readonly git: readonly GitCredential[];
  /** Repositories (`owner/name`) that the token of a trusted run may read too. */
  readonly submodules: readonly string[];
}

/** What only an entry of `repositories` gives. */
export interface Grants {
  /** Of every task but deploys; absent: the namespace's `default`. */
  readonly serviceAccount?: string;
  /** Name of the Secret whose `config.json` the image step logs in with. */
  readonly dockerconfig?: string;
  /** Who deploys to the cluster; absent: a deploy has no credentials. */
  readonly deploy?: DeployIdentity;
  /** By the name that `.tekton-ci.yml` asks for. */
  readonly secrets: Readonly<Record<string, SecretKey>>;
}

/** One entry of `repositories`: what it says, and nothing else. */
export interface RepositoryRule {
  /** `acme/api`, `acme/*` or `*`. */
  readonly pattern: string;
  readonly overrides: RepositoryOverrides;
}

/** What one level says of the shared settings, and nothing else. `off` takes away what a less specific level gave. */
export interface SharedOverrides
  extends Partial<
    Pick<SharedSettings, 'namespace' | 'layout' | 'storage' | 'timeout' | 'git' | 'submodules'>
  > {
  readonly cache?: Claim | 'off';
  readonly resources?: Resources;
  readonly images?: Partial<Images>;
  readonly kaniko?: Partial<KanikoSettings>;
  readonly clone?: Removable<CloneSettings, 'httpProxy' | 'httpsProxy' | 'noProxy'>;
  readonly podTemplate?: Removable<PodTemplate, 'runtimeClassName' | 'priorityClassName' | 'schedulerName'>;
}

/** The same for an entry of `repositories`. */
export interface RepositoryOverrides
  extends SharedOverrides,
    Removable<Omit<Grants, 'secrets'>, 'serviceAccount' | 'dockerconfig' | 'deploy'> {
  readonly limits?: Partial<RepositorySettings['limits']>;
  readonly secrets?: Readonly<Record<string, SecretKey | 'off'>>;
}

/** Any of the keys, those of `Key` also as `off`. */
type Removable<Settings, Key extends keyof Settings> = Partial<Omit<Settings, Key>> & {
  readonly [Name in Key]?: Exclude<Settings[Name], undefined> | 'off';
};

export type Layout = 'pod' | 'tasks';
export type PullPolicy = 'Always' | 'IfNotPresent' | 'Never';

/** A PersistentVolumeClaim, by name. */
export interface Claim {
  readonly claim: string;
}

/** One claim that all runs share, each in its own sub-path; or a claim for each run, of the cluster's default class unless named. */
export type Storage = Claim | { readonly class?: string; readonly size: string };

/** Image references; those of toolchains hold `{version}` where the version goes, the others never do. */
export type Images = Readonly<Record<'git' | ToolchainName | 'kaniko' | 'deploy', string>>;

export interface KanikoSettings {
  /** Flags for every image build, after those of the repository, so that these win. */
  readonly args: readonly string[];
}

export interface CloneSettings {
  readonly sslVerify: boolean;
  /** `http://proxy.example.com:3128`; never with credentials. */
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  /** Hosts, domains and address ranges without a proxy, separated by commas. */
  readonly noProxy?: string;
  /** Fetched besides the commit: `+refs/heads/main:refs/remotes/origin/main`. */
  readonly refspec: readonly string[];
  /** Directory of the workspace that the repository is cloned into; `.` is the workspace itself. */
  readonly subdirectory: string;
}

/** The part of Tekton's pod template that lifts no restriction of ours. https://tekton.dev/docs/pipelines/podtemplates/ */
export interface PodTemplate {
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly tolerations: readonly Toleration[];
  /** Names of Secrets. */
  readonly imagePullSecrets: readonly string[];
  /** Besides those of services. */
  readonly hostAliases: readonly HostAlias[];
  readonly runtimeClassName?: string;
  readonly priorityClassName?: string;
  readonly schedulerName?: string;
  readonly dnsPolicy?: 'ClusterFirst' | 'Default' | 'None';
  readonly dnsConfig?: DnsConfig;
  /** False gives pods a user namespace of their own. */
  readonly hostUsers?: boolean;
}

/** As Kubernetes writes it. */
export interface Toleration {
  readonly key?: string;
  readonly operator?: 'Exists' | 'Equal';
  readonly value?: string;
  readonly effect?: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  readonly tolerationSeconds?: number;
}

export interface HostAlias {
  readonly ip: string;
  readonly hostnames: readonly string[];
}

export interface DnsConfig {
  readonly nameservers?: readonly string[];
  readonly searches?: readonly string[];
  readonly options?: readonly { readonly name: string; readonly value?: string }[];
}

export interface Limits {
  /** Runs of one repository at a time. */
  readonly perRepository: number;
  /** Runs of all repositories at a time. */
  readonly total: number;
}

/** How long finished runs stay; both limits hold, and no run goes within seven days. */
export interface Keep {
  readonly perProject: number;
  /** Seconds. */
  readonly for: number;
}

/** The links that open run pages. */
export interface Links {
  /** Seconds after a run's end; absent: as long as the run is kept. */
  readonly expire?: number;
  /** Another one ends all links that were made before. */
  readonly generation: string;
}

/** A Secret of type `kubernetes.io/basic-auth`. */
export interface GitCredential {
  readonly secret: string;
  /**
   * What the addresses that it is for begin with: a scheme, a whole host and whole segments of the path, as in Git's
   * `credential.<url>`; no slash at the end. Absent: the host of the repository itself.
   */
  readonly url?: string;
}

/** A service account of the cluster that the run is in, or a Secret whose `config` is a kubeconfig. */
export type DeployIdentity = { readonly serviceAccount: string } | { readonly kubeconfig: string };

/** One key of a Secret. */
export interface SecretKey {
  readonly name: string;
  readonly key: string;
}
