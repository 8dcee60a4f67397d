package dev.heddle.http.internal.http2;

import java.nio.ByteBuffer;

/**
 * The receiver of a connection's frames, in order, each of the right size and with a stream or without as its kind
 * wants it. No method may wait. Each may throw {@link Http2Fault}: one of a stream comes back to {@link #fault}, one of
 * the connection ends the reading.
 */
public interface Http2FrameHandler {

    /** A frame has begun; called before anything is made of it, so that floods of any kind can be counted. */
    void frame(int type, int flags, int length);

    /** DATA begins. Its bytes come in pieces as they arrive, {@link #endData} after the last. */
    void beginData(int stream, int length, boolean end);

    /** Takes all remaining bytes. */
    void data(ByteBuffer piece);

    /** All of the DATA frame has come, with so many bytes of padding. */
    void endData(int stream, int padding, boolean end);

    /** A whole header block; the buffer is good for this call only. */
    void headers(int stream, ByteBuffer block, boolean end);

    void reset(int stream, Http2Error error);

    /** One setting of a frame with several; {@link #settingsEnd} comes after the last. */
    void setting(int id, int value);

    void settingsEnd();

    void settingsAck();

    void ping(boolean ack, long content);

    void goAway(int lastStream, Http2Error error);

    /** More room, for a stream or for stream 0, the connection; never 0. */
    void windowUpdate(int stream, int increment);

    /** Another priority for the response of a stream, which may not be open yet; the value is not checked. */
    void priorityUpdate(int stream, String value);

    /** A fault of one stream. */
    void fault(Http2Fault fault);
}
