package dev.heddle.cluster.internal.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cluster.NodeRefusedException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Which nodes work with each other. */
final class HelloTest {

    private static Hello hello(String node, int version, int oldest) {
        return new Hello(version, oldest, "shop", node, "hash", 2, 1000);
    }

    @Test
    void helloArrivesAsItWas() {
        Hello hello = hello("a", 3, 2);
        assertEquals(hello, Hello.decode(hello.encode()));
    }

    @Test
    void laterVersionMayHaveMoreBehindIt() {
        byte[] longer = Arrays.copyOf(hello("a", 3, 2).encode(), 200);
        assertEquals(hello("a", 3, 2), Hello.decode(longer));
    }

    @Test
    void versionBeforeIsSpokenAndTheOneBeforeThatIsRefusedByName() {
        hello("a", 3, 2).check(hello("b", 2, 1));
        hello("b", 2, 1).check(hello("a", 3, 2));
        var refused = assertThrows(
                NodeRefusedException.class, () -> hello("a", 3, 2).check(hello("b", 1, 1)));
        assertEquals("a speaks the versions 2 to 3 of the wire, and b the versions 1 to 1", refused.getMessage());
        assertThrows(NodeRefusedException.class, () -> hello("b", 1, 1).check(hello("a", 3, 2)));
    }

    @Test
    void whatIsNoHelloIsRefused() {
        assertThrows(NodeRefusedException.class, () -> Hello.decode(new byte[0]));
        assertThrows(NodeRefusedException.class, () -> Hello.decode(new byte[100]));
        byte[] cut = hello("a", 1, 1).encode();
        for (int length = 0; length < cut.length; length++) {
            byte[] part = Arrays.copyOf(cut, length);
            assertTrue(assertThrows(NodeRefusedException.class, () -> Hello.decode(part)).getMessage()
                    .contains("no node"));
        }
    }
}
