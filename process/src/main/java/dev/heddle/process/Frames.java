package dev.heddle.process;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;

/** Cuts what comes from a channel that does not block into messages, of a peer that is trusted. Threads: one. */
final class Frames {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final ReadableByteChannel channel;
    private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER_BYTES).flip();
    private final ByteBuffer head = ByteBuffer.allocate(Message.HEAD_BYTES);

    /** Of the message whose head has come; null between messages. */
    private @Nullable ByteBuffer content;

    Frames(ReadableByteChannel channel) {
        this.channel = channel;
    }

    /**
     * The next message; null if it has not all come yet.
     *
     * @throws EOFException at the end
     */
    @Nullable Frame next() throws IOException {
        while (true) {
            Frame frame = take();
            if (frame != null) {
                return frame;
            }
            int count = channel.read(in.clear());
            in.flip();
            if (count < 0) {
                throw new EOFException("the manager is gone");
            }
            if (count == 0) {
                return null;
            }
        }
    }

    private @Nullable Frame take() throws IOException {
        move(head);
        if (head.hasRemaining()) {
            return null;
        }
        if (content == null) {
            int length = head.getInt(0) - Frame.HEAD_BYTES;
            if (length < 0) {
                throw new IOException("a message of " + length + " bytes");
            }
            content = ByteBuffer.allocate(length);
        }
        move(content);
        if (content.hasRemaining()) {
            return null;
        }
        Frame frame = new Frame(head.get(Integer.BYTES), head.getLong(Integer.BYTES + 1), content.array());
        head.clear();
        content = null;
        return frame;
    }

    private void move(ByteBuffer target) {
        int count = Math.min(in.remaining(), target.remaining());
        target.put(target.position(), in, in.position(), count);
        target.position(target.position() + count);
        in.position(in.position() + count);
    }
}
