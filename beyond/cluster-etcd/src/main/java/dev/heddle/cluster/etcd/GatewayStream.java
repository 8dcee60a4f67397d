package dev.heddle.cluster.etcd;

import dev.heddle.DeadlineExceededException;
import dev.heddle.HeddleException;
import dev.heddle.http.client.Reply;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The messages of a reply that goes on, one a line. */
final class GatewayStream implements AutoCloseable {

    /** Most bytes of a message: etcd cuts them at a request's 1.5 MiB, of which small entries make five times as much. */
    static final int MAX_MESSAGE = 8 * 1024 * 1024;

    private final Reply reply;
    private final Gateway gateway;
    private final String endpoint;
    private byte[] buffer = new byte[16 * 1024];
    private int filled;

    /** Up to where there is no end of a line. */
    private int searched;

    GatewayStream(Reply reply, Gateway gateway, String endpoint) {
        this.reply = reply;
        this.gateway = gateway;
        this.endpoint = endpoint;
    }

    /** The next message, waiting for it; null at the end, and when none has come for long: who knows why. */
    @Nullable EtcdAnswer next() {
        try {
            byte[] line = nextLine();
            if (line == null) {
                return null;
            }
            EtcdAnswer message = EtcdAnswer.of(line);
            if (!message.has("result")) {
                throw Gateway.refusal(message);
            }
            EtcdAnswer result = message.object("result");
            gateway.requireSameCluster(result);
            if (result.flag("canceled") && result.number("compact_revision") == 0) {
                String reason = result.text("cancel_reason");
                // Behind what gRPC says.
                String said = reason.substring(Math.max(reason.indexOf("etcdserver:"), 0));
                throw new GatewayException(GatewayException.Fate.REFUSED, said, null);
            }
            return result;
        } catch (DeadlineExceededException e) {
            return null;
        } catch (HeddleException e) {
            throw gateway.failed(endpoint, e);
        }
    }

    private byte @Nullable [] nextLine() {
        for (;;) {
            for (; searched < filled; searched++) {
                if (buffer[searched] == '\n') {
                    byte[] line = Arrays.copyOf(buffer, searched);
                    filled -= searched + 1;
                    System.arraycopy(buffer, searched + 1, buffer, 0, filled);
                    searched = 0;
                    return line;
                }
            }
            if (filled == buffer.length) {
                if (filled >= MAX_MESSAGE) {
                    throw GatewayException.badAnswer("a message of more than " + MAX_MESSAGE + " bytes");
                }
                buffer = Arrays.copyOf(buffer, filled * 2);
            }
            int more = reply.read(buffer, filled, buffer.length - filled);
            if (more < 0) {
                // The last one, when it is an error, has no end of its line.
                byte[] rest = filled == 0 ? null : Arrays.copyOf(buffer, filled);
                filled = 0;
                return rest;
            }
            filled += more;
        }
    }

    @Override
    public void close() {
        reply.close();
    }
}
