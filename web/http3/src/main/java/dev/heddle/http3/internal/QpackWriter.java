package dev.heddle.http3.internal;

import dev.heddle.http.internal.http2.FieldWriter;
import dev.heddle.http.internal.http2.HpackTexts;
import java.nio.ByteBuffer;
import java.util.Set;

/** The encoder of header blocks (RFC 9204, section 4.5), which remembers nothing from one to the next. */
final class QpackWriter implements FieldWriter {

    static final QpackWriter INSTANCE = new QpackWriter();

    /** What nobody on the way may put into a table. */
    private static final Set<String> SECRET = Set.of("authorization", "proxy-authorization", "cookie", "set-cookie");

    private static final int INDEXED = 0xc0;
    private static final int NAMED = 0x50;
    private static final int LITERAL = 0x20;
    private static final int NAMED_NEVER = 0x20;
    private static final int LITERAL_NEVER = 0x10;

    private QpackWriter() {}

    /** Begins a block: it refers to no table that grows. */
    void begin(ByteBuffer target) {
        target.put((byte) 0).put((byte) 0);
    }

    @Override
    public void raw(ByteBuffer target, String name, String value) {
        int found = QpackTable.find(name, value);
        if (found >= 0) {
            HpackTexts.number(target, INDEXED, 6, found);
            return;
        }
        boolean secret = SECRET.contains(name);
        int named = QpackTable.find(name);
        if (named >= 0) {
            HpackTexts.number(target, NAMED | (secret ? NAMED_NEVER : 0), 4, named);
        } else {
            HpackTexts.write(target, LITERAL | (secret ? LITERAL_NEVER : 0), 3, name);
        }
        HpackTexts.write(target, 0, 7, value);
    }
}
