package dev.heddle.http.internal.client.connection;

import dev.heddle.CancelScope;
import dev.heddle.ClosedException;
import dev.heddle.Loop;
import dev.heddle.http.internal.client.call.CallDeadline.Phase;
import dev.heddle.http.internal.client.call.ClientErrors;
import dev.heddle.http.internal.client.call.RequestHop;
import dev.heddle.http.internal.codec.ReplyHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The body of a reply on a stream of its own, whose room in the connection is free with the last byte. What is read opens
 * the window, so a reply that nobody reads holds up its server and no other request. Whatever else ends the reading
 * resets the stream.
 */
final class StreamReplyBody extends StreamedReplyBody implements CancelScope.Body<Integer> {

    private final ClientStream answer;
    private ByteBuffer target = ByteBuffer.allocate(0);

    /**
     * @param upload what of the request is still to be sent; null for nothing
     */
    StreamReplyBody(
            ClientStream answer, CallContext call, RequestHop hop, ReplyHead head, @Nullable DuplexUpload upload) {
        super(call, hop, head, upload);
        this.answer = answer;
        Loop loop = call.loop().loop();
        watch(() -> ClientSession.dropped(answer, loop));
        takeUpload();
    }

    @Override
    int readOrWait(byte[] bytes, int offset, int count) {
        try {
            target = ByteBuffer.wrap(bytes, offset, count);
            int taken = answer.isReady() ? answer.read(target) : call.deadline().within(Phase.BODY, hop, this);
            if (answer.isDone()) {
                ended(answer.trailers(), true);
            }
            return taken;
        } catch (ClosedException gone) {
            throw isReading() ? answer.failure() : ClientErrors.closed(hop);
        }
    }

    /** The step that may wait; an object of its own would be one more for each reply. */
    @Override
    public Integer run(CancelScope scope) {
        return answer.read(target);
    }

    @Override
    public long length() {
        return answer.length();
    }

    @Override
    public boolean hasArrived() {
        return !isReading() || answer.isReady();
    }

    /** Ends a body that has nothing to read. */
    StreamReplyBody ended() {
        ended(answer.trailers(), true);
        return this;
    }

    @Override
    void release(boolean reusable) {
        answer.done();
    }

    @Override
    void cut(String why) {
        answer.cut(why);
    }

    @Override
    void awaitEndByServer() {
        answer.awaitLost();
    }

    @Override
    public void close() {
        closed(false);
    }
}
