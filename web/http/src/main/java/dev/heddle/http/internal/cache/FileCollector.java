package dev.heddle.http.internal.cache;

import java.io.ByteArrayOutputStream;
import java.io.IOException;

/**
 * The bytes of a long body on their way to a file, while somebody reads them. Its room is kept free in the store.
 *
 * <pre>
 *   COLLECTING ──finish()──▶ in its place, if it is whole and nothing has changed meanwhile
 *        └──discard()──────▶ the file under its other name goes with the next sweep
 * </pre>
 *
 * <p>Owned by the task that reads the body; methods that say so block.
 */
public final class FileCollector {

    private static final int PIECE_BYTES = 64 * 1024;

    private final DiskStore store;
    private final DiskStore.Hidden file;
    private final MemoryStore.Place place;
    private final MemoryStore memory;
    private final StoredReply head;
    private final long length;
    private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
    private long total;
    private boolean ended;

    FileCollector(DiskStore store, DiskStore.Hidden file, MemoryStore.Place place, MemoryStore memory,
            StoredReply head, long length) {
        this.store = store;
        this.file = file;
        this.place = place;
        this.memory = memory;
        this.head = head;
        this.length = length;
    }

    /** Takes bytes that have come; gives whether there are so many that they are to be written now. */
    public boolean add(byte[] bytes, int offset, int count) {
        if (!ended) {
            piece.write(bytes, offset, count);
            total += count;
        }
        return !ended && (piece.size() >= PIECE_BYTES || total >= length);
    }

    /** Writes what has come, and after the last byte puts the file in its place. Blocks. */
    public void write() throws IOException {
        if (ended) {
            return;
        }
        boolean written = false;
        try {
            file.write(head, length, piece.toByteArray());
            piece.reset();
            written = true;
        } finally {
            if (!written) {
                discard();
            }
        }
        if (total == length) {
            ended = true;
            store.finish(file, head, place, memory);
        }
    }

    /** The body has broken off, or nobody wants it. Does nothing once it has ended. */
    public void discard() {
        if (!ended) {
            ended = true;
            piece.reset();
            store.discard(file);
        }
    }
}
