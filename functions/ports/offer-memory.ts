/** What a catalogue look-up found, remembered between runs. */
export interface RememberedOffer {
  readonly key: string;
  /** Null: the catalogue had none or several. */
  readonly offerId: number | null;
  readonly several: boolean;
  readonly lookedUpAtMs: number;
}

export interface OfferMemory {
  recall(connectionId: string): Promise<Map<string, RememberedOffer>>;
  remember(connectionId: string, offers: ReadonlyMap<string, RememberedOffer>): Promise<void>;
}
