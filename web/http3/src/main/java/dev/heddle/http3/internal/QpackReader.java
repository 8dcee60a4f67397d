package dev.heddle.http3.internal;

import dev.heddle.http.internal.http2.HpackReader;
import dev.heddle.http.internal.http2.HpackTexts;
import dev.heddle.http.internal.http2.Http2Fault;
import java.nio.ByteBuffer;

/** The decoder of header blocks (RFC 9204, section 4.5) whose peer was given no memory: one for each connection. */
final class QpackReader {

    private final HpackTexts texts = new HpackTexts();

    /**
     * Reads a whole block.
     *
     * @throws Http3Fault DECOMPRESSION_FAILED if it is malformed, or refers to what nobody has sent
     */
    void read(ByteBuffer in, HpackReader.Sink sink) {
        try {
            if (HpackTexts.number(in, 8) != 0) {
                throw malformed("it refers to a table that there is not");
            }
            int _ = HpackTexts.number(in, 7); // the base, which nothing here refers to
            while (in.hasRemaining()) {
                field(in, sink);
            }
        } catch (Http2Fault fault) { // of the texts, which both codes have
            throw malformed(fault.text());
        }
    }

    private void field(ByteBuffer in, HpackReader.Sink sink) {
        int first = in.get(in.position());
        if ((first & 0x80) != 0) {
            requireStatic(first & 0x40);
            int index = known(HpackTexts.number(in, 6));
            sink.field(QpackTable.name(index), QpackTable.value(index));
        } else if ((first & 0x40) != 0) {
            requireStatic(first & 0x10);
            String name = QpackTable.name(known(HpackTexts.number(in, 4)));
            sink.field(name, texts.read(in, 7, null));
        } else if ((first & 0x20) != 0) {
            String name = texts.read(in, 3, null);
            sink.field(name, texts.read(in, 7, null));
        } else {
            throw malformed("it refers to a table that there is not");
        }
    }

    private static void requireStatic(int bit) {
        if (bit == 0) {
            throw malformed("it refers to a table that there is not");
        }
    }

    private static int known(int index) {
        if (index >= QpackTable.size()) {
            throw malformed("a field names entry " + index + " that is not there");
        }
        return index;
    }

    private static Http3Fault malformed(String what) {
        return Http3Fault.ofConnection(Http3Error.DECOMPRESSION_FAILED, "bad header block: " + what);
    }
}
