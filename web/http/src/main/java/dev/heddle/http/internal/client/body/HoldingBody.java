package dev.heddle.http.internal.client.body;

import dev.heddle.http.internal.client.call.HostTurns;

/** The body of a reply that has something until it ends, fails or is closed: its place at a throttle. */
public final class HoldingBody extends ForwardingBody {

    private final HostTurns.Turn turn;

    private HoldingBody(ReplyBody source, HostTurns.Turn turn) {
        super(source);
        this.turn = turn;
    }

    /** The body with a turn that its end gives back: now, if the whole body is there. */
    public static ReplyBody of(ReplyBody body, HostTurns.Turn turn) {
        if (body instanceof InMemory) {
            turn.close();
            return body;
        }
        return new HoldingBody(body, turn);
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        boolean more = false;
        try {
            int taken = source.read(target, offset, count);
            more = taken >= 0;
            return taken;
        } finally {
            if (!more) {
                turn.close();
            }
        }
    }

    @Override
    public void close() {
        try {
            source.close();
        } finally {
            turn.close();
        }
    }
}
