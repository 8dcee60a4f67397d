package dev.heddle.process.internal.codec;

import dev.heddle.BrokenException;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.engine.WaitSlot;
import dev.heddle.io.ByteStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The frames over a byte stream, both ways. A task of its own writes them, since who has something to say must not wait
 * for the peer, and may be cancelled at any time: half a frame would end the connection.
 *
 * <p>Confined to the loop of the stream: one task reads, one {@linkplain #write writes}, any sends.
 */
public final class FrameChannel implements AutoCloseable {

    private record Outgoing(MessageKind kind, boolean holding, long number, Output content) {}

    private final ByteStream stream;
    private final FrameReader reader;
    private final FrameWriter writer;
    private final int maxWaiting;
    private final ArrayDeque<Outgoing> outgoing = new ArrayDeque<>();
    private final WaitSlot more = new WaitSlot("something to send");
    private final WaitSlot room = new WaitSlot("a process to read its answers");
    private boolean ended;

    /**
     * @param bufferBytes how much is read and written at once
     * @param maxBytes longest content
     * @param maxWaiting how many frames may wait until no more should be read: see {@link #awaitRoom}
     */
    public FrameChannel(ByteStream stream, int bufferBytes, int maxBytes, int maxWaiting) {
        this.stream = stream;
        this.maxWaiting = maxWaiting;
        this.reader = new FrameReader(stream::read, bufferBytes, maxBytes);
        this.writer = new FrameWriter(stream::write, bufferBytes);
    }

    // ---- reading ----

    /** Allows longer frames, once the peer is known. */
    public void allow(int bytes) {
        reader.allow(bytes);
    }

    /**
     * Waits for the next frame.
     *
     * @throws java.io.EOFException if the peer has closed the connection between two frames
     * @throws IOException if the peer says what is no frame
     * @throws BrokenException if the connection is lost, or was closed inside a frame
     */
    public Frame read() throws IOException {
        return reader.read();
    }

    /** The next frame if it has come with the last one. */
    public @Nullable Frame next() throws IOException {
        return reader.next();
    }

    // ---- writing ----

    /** Has a frame written behind the others; never waits. What is sent in one turn of the loop goes out together. */
    public void send(MessageKind kind, boolean holding, long number, Output content) {
        if (ended) {
            return;
        }
        outgoing.add(new Outgoing(kind, holding, number, content));
        more.wake();
    }

    /** Waits while the peer does not take what is for it: who does not read is not read either. */
    public void awaitRoom() {
        while (isCrowded()) {
            room.await();
        }
    }

    private boolean isCrowded() {
        return outgoing.size() > maxWaiting && !ended;
    }

    private void tellRoom() {
        if (!isCrowded()) {
            room.wake();
        }
    }

    /** Writes until the connection ends, as its reader sees too, behind what has still come. */
    public void write() {
        try {
            while (true) {
                Outgoing next = outgoing.poll();
                if (next != null && next.content.comesInPieces()) {
                    writeInPieces(next.kind.inPieces(), next.number, next.content);
                    tellRoom();
                } else if (next != null) {
                    writer.put(next.kind, next.holding, next.number, next.content);
                    tellRoom();
                } else {
                    writer.flush();
                    if (outgoing.isEmpty()) {
                        more.await();
                    }
                }
            }
        } catch (BrokenException | ClosedException e) {
            // See above.
        } catch (CancelledException e) {
            throw e;
        } catch (IOException e) {
            stream.transport().abort(); // else its reader would wait for answers to what was never written
            throw new UncheckedIOException(e);
        } catch (RuntimeException | Error e) {
            stream.transport().abort();
            throw e;
        } finally {
            ended = true;
            outgoing.clear();
            tellRoom();
        }
    }

    /** Writes work as it comes, unless its cancel is among what waits: then the child drops what it has of it. */
    private void writeInPieces(MessageKind kind, long number, Output work) throws IOException {
        Loop loop = Heddle.currentLoop();
        work.begin(() -> tell(loop));
        var length = new Output(Integer.BYTES);
        length.putInt(work.size());
        writer.put(kind, false, number, length);
        boolean flushed = false;
        int left = work.size();
        while (left > 0 && !isCancelled(number)) {
            Outgoing wanted = takeClass();
            ByteBuffer piece = wanted == null ? work.next() : null;
            if (wanted != null) {
                writer.put(wanted.kind, wanted.holding, wanted.number, wanted.content);
                tellRoom();
                flushed = false;
            } else if (piece != null) {
                writer.begin(MessageKind.PIECE, false, number, piece.remaining());
                writer.append(piece);
                left -= piece.remaining();
                flushed = false;
            } else if (!flushed) {
                writer.flush(); // which may wait: a piece that comes meanwhile wakes nobody
                flushed = true;
            } else {
                more.await();
            }
        }
    }

    /** A class that the child wants for what has come of the work, before it can decode the rest; null for none. */
    private @Nullable Outgoing takeClass() {
        for (Outgoing each : outgoing) {
            if (each.kind == MessageKind.CLASS) {
                outgoing.remove(each);
                return each;
            }
        }
        return null;
    }

    private void tell(Loop loop) {
        try {
            loop.callFromThread(more::wake);
        } catch (IllegalStateException e) {
            // The loop has ended, and the child with it.
        }
    }

    private boolean isCancelled(long number) {
        for (Outgoing each : outgoing) {
            if (each.kind == MessageKind.CANCEL && each.number == number) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        stream.close();
    }
}
