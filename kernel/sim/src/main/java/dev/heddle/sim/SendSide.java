package dev.heddle.sim;

import java.nio.ByteBuffer;
import java.util.function.Consumer;

/** The sending half of one end of a connection: cuts bytes into segments and keeps to the window. */
final class SendSide {

    private long sent;
    private long acknowledged;
    private boolean ended;

    /** How many bytes may be sent now. */
    int room(LinkOptions options) {
        return (int) Math.max(0, options.windowBytes() - (sent - acknowledged));
    }

    /** Whether the last byte is sent. */
    boolean isEnded() {
        return ended;
    }

    /** Takes what the window allows, in segments; returns the count of bytes. */
    int send(ByteBuffer source, LinkOptions options, Consumer<Segment> out) {
        int count = Math.min(room(options), source.remaining());
        ByteBuffer bytes = ByteBuffer.allocate(count);
        bytes.put(0, source, source.position(), count);
        source.position(source.position() + count);
        for (int at = 0; at < count; at += options.mtuBytes()) {
            int length = Math.min(options.mtuBytes(), count - at);
            out.accept(new Segment(sent, bytes.slice(at, length).asReadOnlyBuffer(), Segment.End.NONE));
            sent += length;
        }
        return count;
    }

    /** Ends the direction: a segment without bytes, behind all others. */
    Segment end(Segment.End end) {
        ended = true;
        return Segment.ending(sent, end);
    }

    /** The other end has read all bytes before a position. May be told late and twice. */
    void acknowledge(long position) {
        acknowledged = Math.max(acknowledged, position);
    }
}
