package dev.heddle.cli.bench;

import dev.heddle.cli.command.ErrorText;
import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.Reply;

/**
 * One connection of a load over the HTTP client: asks for one URL, and throws the body away. For one task at a time.
 */
final class BenchShot implements LoadRequest {

    private static final int BUFFER_BYTES = 16 * 1024;

    private final ClientRequest request;
    private final String name;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private long bytes;

    BenchShot(ClientRequest request) {
        this.request = request;
        this.name = request.toString();
    }

    @Override
    public int fire() {
        bytes = 0;
        try (Reply reply = request.send()) {
            for (int count = reply.read(buffer); count >= 0; count = reply.read(buffer)) {
                bytes += count;
            }
            return reply.status();
        }
    }

    @Override
    public long bytes() {
        return bytes;
    }

    /** Without the request, which is always the same. */
    @Override
    public String reason(RuntimeException failure) {
        return ErrorText.ofRequest(failure, failed -> failed.toString().equals(name));
    }
}
