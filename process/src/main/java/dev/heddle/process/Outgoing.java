package dev.heddle.process;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Waiter;
import dev.heddle.io.ByteStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes out to one process. A task of its own writes: code of users may have interrupted the task that has an answer, and half an
 * answer would end the connection.
 *
 * <p>Confined to the manager's loop.
 */
final class Outgoing {

    /** Most messages in one step. */
    private static final int MOST_TOGETHER = 64;

    private final ByteStream stream;
    private final int most;
    private final ArrayDeque<Frame> frames = new ArrayDeque<>();
    private @Nullable Waiter idle;
    private @Nullable Waiter crowded;
    private boolean ended;

    /**
     * @param most how many messages may wait until no more calls should be read: see {@link #awaitRoom}
     */
    Outgoing(ByteStream stream, int most) {
        this.stream = stream;
        this.most = most;
    }

    void answer(Call call, Answer answer) {
        int kind = answer.kind() | (answer.holding() ? Message.HOLDING : 0);
        add(new Frame((byte) kind, call.number, answer.content()));
    }

    void add(Frame frame) {
        frames.add(frame);
        if (idle != null) {
            idle.complete();
        }
    }

    /** Waits while the process has not taken its answers: who does not read is not read either. */
    void awaitRoom() {
        while (isCrowded()) {
            Waiter next = new Waiter("a process to read its answers");
            crowded = next;
            try {
                next.await();
            } finally {
                crowded = null;
            }
        }
    }

    private boolean isCrowded() {
        return frames.size() > most && !ended;
    }

    private void tellRoom() {
        if (crowded != null && !isCrowded()) {
            crowded.complete();
        }
    }

    /** Writes until the connection ends. */
    void write() {
        try {
            while (true) {
                if (frames.isEmpty()) {
                    await();
                } else {
                    stream.write(together());
                }
            }
        } catch (BrokenException | ClosedException e) {
            // As its reader sees too.
        } finally {
            ended = true;
            tellRoom();
        }
    }

    private ByteBuffer[] together() {
        List<ByteBuffer> all = new ArrayList<>();
        for (int i = 0; i < MOST_TOGETHER; i++) {
            Frame frame = frames.poll();
            if (frame == null) {
                break;
            }
            all.add(Message.begin(frame.kind(), frame.number(), 0, frame.content().length).flip());
            all.add(ByteBuffer.wrap(frame.content()));
        }
        tellRoom();
        return all.toArray(ByteBuffer[]::new);
    }

    private void await() {
        Waiter next = new Waiter("an answer");
        idle = next;
        try {
            next.await();
        } finally {
            idle = null;
        }
    }
}
