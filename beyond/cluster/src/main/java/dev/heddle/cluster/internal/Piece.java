package dev.heddle.cluster.internal;

import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
import java.util.Optional;

/**
 * A shared thing with a name that nodes of a cluster use: a store has no list of its directories, so nodes say which
 * they use.
 *
 * @param directory the kind, a slash, and the encoded name: {@code mutexes/orders}
 * @param places how many may have it at a time; 0 if that is no question
 */
public record Piece(String directory, int places) {

    /** The directory in which nodes say what they use. */
    public static final String DIRECTORY = "pieces";

    /** The kind: {@code mutexes}. */
    public String kind() {
        return directory.substring(0, directory.indexOf('/'));
    }

    /** The name that users know. */
    public String name() {
        return Names.decode(directory.substring(directory.indexOf('/') + 1));
    }

    /** Its form. */
    public Bytes encode() {
        return Forms.write(out -> {
            out.writeUTF(directory);
            out.writeInt(places);
        });
    }

    /** What an entry says; empty if it is none that this version can read. */
    public static Optional<Piece> decode(Entry entry) {
        return Forms.<Piece>read(entry.value(), in -> new Piece(in.readUTF(), in.readInt()))
                .filter(piece -> piece.directory.indexOf('/') > 0);
    }
}
