package dev.heddle.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.Executors;

/** A server that takes bodies by the server in the JDK, a virtual thread for each request. */
final class PutJdk {

    private PutJdk() {}

    static EchoMain.Ready start(SiteMode mode, Path files) throws IOException, GeneralSecurityException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        HttpServer server;
        if (mode == SiteMode.TLS) {
            HttpsServer secure = HttpsServer.create(address, EchoMain.BACKLOG);
            secure.setHttpsConfigurator(new HttpsConfigurator(TlsCertificate.load().server()));
            server = secure;
        } else {
            server = HttpServer.create(address, EchoMain.BACKLOG);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(PutMain.DISCARD_PATH, PutJdk::discard);
        server.createContext(PutMain.HASH_PATH, PutJdk::hash);
        server.createContext(PutMain.SAVE_PATH, exchange -> {
            Path file = files.resolve(PutMain.name(exchange.getRequestURI().getPath()));
            Files.copy(exchange.getRequestBody(), file, StandardCopyOption.REPLACE_EXISTING);
            answer(exchange, 201, "");
        });
        server.start();
        return new EchoMain.Ready(server.getAddress().getPort(), "jdk");
    }

    private static void discard(HttpExchange exchange) throws IOException {
        byte[] buffer = new byte[PutMain.BUFFER_BYTES];
        InputStream body = exchange.getRequestBody();
        long total = 0;
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            total += count;
        }
        answer(exchange, 200, Long.toString(total));
    }

    private static void hash(HttpExchange exchange) throws IOException {
        MessageDigest digest = digest();
        byte[] buffer = new byte[PutMain.BUFFER_BYTES];
        InputStream body = exchange.getRequestBody();
        for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
            digest.update(buffer, 0, count);
        }
        answer(exchange, 200, PutMain.hex(digest.digest()));
    }

    private static MessageDigest digest() throws IOException {
        try {
            return MessageDigest.getInstance(PutMain.DIGEST);
        } catch (NoSuchAlgorithmException e) {
            throw new IOException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
