package dev.heddle.tls;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLEngineResult.Status;

/** Finds nothing in any record: what no engine sends, and every peer could. */
final class EmptyRecordsEngine extends AgreedEngine {

    private static final int RECORD_BYTES = 6;

    @Override
    public SSLEngineResult unwrap(ByteBuffer source, ByteBuffer[] targets, int offset, int length) {
        source.position(source.position() + RECORD_BYTES);
        return new SSLEngineResult(Status.OK, HandshakeStatus.NOT_HANDSHAKING, RECORD_BYTES, 0);
    }

    @Override
    public SSLEngineResult wrap(ByteBuffer[] sources, int offset, int length, ByteBuffer target) {
        throw new UnsupportedOperationException();
    }
}
