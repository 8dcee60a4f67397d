package dev.heddle.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.Heddle;
import dev.heddle.net.Listener;
import org.junit.jupiter.api.Test;

/** Where nodes listen. */
final class NodeSecurityTest {

    private static String place(NodeSecurity security) {
        try (Listener listener = security.listen(0)) {
            return listener.address().replaceAll(":\\d+$", "");
        }
    }

    @Test
    void nodeWithoutSecurityListensAtTheLoopbackOnly() {
        Heddle.run(() -> {
            assertEquals("127.0.0.1", place(NodeSecurity.none()));
        });
    }

    @Test
    void nodeWithoutSecurityListensAtTheAddressThatIsNamed() {
        Heddle.run(() -> {
            assertEquals("127.0.0.2", place(NodeSecurity.none("127.0.0.2")));
        });
    }
}
