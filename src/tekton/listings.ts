/** One time that something is followed, from its list on. */
export interface ListingRound {
  /** Ends it: for good, or because another list was asked for. */
  readonly signal: AbortSignal;
  /** To be called when its list was taken in. */
  readonly listed: () => void;
}

/** The lists that watches begin with, and a way to have them made anew. */
export interface Listings {
  /** Calls `follow` again whenever it ends, until the signal. */
  follow(follow: (round: ListingRound) => Promise<void>, signal: AbortSignal): Promise<void>;
  /** Resolves when all that is followed was listed once more, or by the signal. */
  renew(signal: AbortSignal): Promise<void>;
}

interface Listing {
  round: AbortController;
  listed: PromiseWithResolvers<void>;
  isListed: boolean;
}

export function createListings(): Listings {
  const all = new Set<Listing>();
  return {
    async follow(follow, signal) {
      const listing: Listing = {
        round: new AbortController(),
        listed: Promise.withResolvers(),
        isListed: false,
      };
      all.add(listing);
      while (!signal.aborted) {
        const round = new AbortController();
        listing.round = round;
        await follow({
          signal: AbortSignal.any([signal, round.signal]),
          listed() {
            // What was read before another list was asked for is not it.
            if (round.signal.aborted) return;
            listing.isListed = true;
            listing.listed.resolve();
          },
        });
      }
      all.delete(listing);
    },
    async renew(signal) {
      const aborted = new Promise<void>((resolve) => {
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([Promise.all([...all].map(listAnew)), aborted]);
    },
  };
}

/** What was not listed yet will be: that is new enough. */
function listAnew(listing: Listing): Promise<void> {
  if (listing.isListed) {
    listing.isListed = false;
    listing.listed = Promise.withResolvers();
    listing.round.abort();
  }
  return listing.listed.promise;
}
