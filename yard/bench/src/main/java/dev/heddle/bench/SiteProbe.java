package dev.heddle.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.SocketFactory;

/** Single questions to a server, to see that it does what is to be measured. */
final class SiteProbe {

    /** Seconds are enough for a JVM that has just begun. */
    private static final int LIMIT_MILLIS = 20_000;

    /** The preface of a client and its empty SETTINGS (RFC 9113, sections 3.4 and 6.5). */
    private static final String HTTP_2 = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\0\0\0\4\0\0\0\0\0";

    private static final String HEAD_END = "\r\n\r\n";
    private static final Pattern LENGTH = Pattern.compile("\\ncontent-length: *(\\d+)", Pattern.CASE_INSENSITIVE);

    private static final int FRAME_HEADER_BYTES = 9;
    private static final int FRAME_TYPE = 3;
    private static final int SETTINGS = 4;

    private SiteProbe() {}

    /**
     * The whole answer to a request by HTTP/1.1, head and body, as ISO 8859-1. It is as long as it says: not all
     * servers end the connection when they are asked to.
     *
     * @throws IOException if it says no length, or ends early
     */
    static String get(SiteProcess server, String path) throws IOException, GeneralSecurityException {
        SocketFactory sockets = server.mode() == SiteMode.TLS
                ? TlsCertificate.load().client().getSocketFactory()
                : SocketFactory.getDefault();
        try (Socket socket = sockets.createSocket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(LIMIT_MILLIS);
            String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String head = head(socket.getInputStream());
            Matcher length = LENGTH.matcher(head);
            if (!length.find()) {
                throw new IOException("no length in " + head);
            }
            int bytes = Integer.parseInt(length.group(1));
            return head + text(socket.getInputStream().readNBytes(bytes), bytes);
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf(HEAD_END) < 0) {
            head.append(text(in.readNBytes(1), 1));
        }
        return head.toString();
    }

    private static String text(byte[] bytes, int length) throws IOException {
        if (bytes.length < length) {
            throw new EOFException();
        }
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** Whether a client may begin to speak HTTP/2 at once: the server's first frame is SETTINGS then. */
    static boolean speaksHttp2(SiteProcess server) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.setSoTimeout(LIMIT_MILLIS);
            socket.getOutputStream().write(HTTP_2.getBytes(StandardCharsets.US_ASCII));
            byte[] header = socket.getInputStream().readNBytes(FRAME_HEADER_BYTES);
            return header.length == FRAME_HEADER_BYTES && header[FRAME_TYPE] == SETTINGS;
        }
    }
}
