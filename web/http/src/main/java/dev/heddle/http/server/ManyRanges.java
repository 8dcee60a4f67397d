package dev.heddle.http.server;

import dev.heddle.Heddle;
import dev.heddle.http.Headers;
import dev.heddle.http.internal.server.ClosableWriter;
import dev.heddle.http.internal.server.ResponseBody;
import dev.heddle.http.internal.syntax.ByteRange;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The body of several parts of a file (RFC 9110, section 14.6): each with a head of its own, between boundaries.
 *
 * @param heads one before each range and one behind the last
 */
record ManyRanges(OpenFile file, List<ByteRange> ranges, List<byte[]> heads) implements ClosableWriter {

    static Response response(OpenFile file, String contentType, Headers described, List<ByteRange> ranges) {
        // Nobody can write it into a file beforehand.
        String boundary = Long.toHexString(Heddle.currentLoop().engine().random())
                + Long.toHexString(Heddle.currentLoop().engine().random());
        var heads = new ArrayList<byte[]>(ranges.size() + 1);
        long length = 0;
        for (ByteRange range : ranges) {
            heads.add(ascii("\r\n--" + boundary + "\r\nContent-Type: " + contentType + "\r\nContent-Range: "
                    + range.of(file.size()) + "\r\n\r\n"));
            length += heads.getLast().length + range.length();
        }
        heads.add(ascii("\r\n--" + boundary + "--\r\n"));
        length += heads.getLast().length;
        var body = new ResponseBody.Streamed(length, new ManyRanges(file, ranges, heads));
        return new RealResponse(206, described.with("Content-Type", "multipart/byteranges; boundary=" + boundary),
                body);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        for (int i = 0; i < ranges.size(); i++) {
            out.write(heads.get(i));
            ByteRange range = ranges.get(i);
            file.copyTo(out, range.offset(), range.length());
        }
        out.write(heads.getLast());
    }

    @Override
    public void release() {
        file.close();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
