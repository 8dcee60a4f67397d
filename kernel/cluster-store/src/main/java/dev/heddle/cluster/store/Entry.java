package dev.heddle.cluster.store;

/**
 * An entry as it was at one moment.
 *
 * @param version 0 when it is created, also when it is created anew, and one more with each {@link Op.Set}
 * @param created the stamp of the commit that has created it
 * @param changed the stamp of the commit that has created or set it last
 * @param owner the session whose end takes it away; {@link #NO_OWNER} for a durable one
 */
public record Entry(Key key, Bytes value, long version, long created, long changed, long owner) {

    /** The owner of a durable entry. */
    public static final long NO_OWNER = 0;
}
