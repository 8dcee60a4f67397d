package dev.heddle.process;

import dev.heddle.BrokenException;
import dev.heddle.ClosedException;
import dev.heddle.Waiter;
import dev.heddle.net.ByteStream;
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

    /**
     * @param most how many messages may wait: a process that calls and never reads is sent away
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
        if (frames.size() > most) {
            stream.abort();
            return;
        }
        frames.add(frame);
        if (idle != null) {
            idle.complete();
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
