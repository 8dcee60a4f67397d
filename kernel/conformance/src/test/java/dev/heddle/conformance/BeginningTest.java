package dev.heddle.conformance;

import static dev.heddle.conformance.Fixtures.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.engine.Engines;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The beginning of a loop's engine, while another loop of the process begins too. */
@LeavesNothing
final class BeginningTest {

    @ParameterizedTest
    @ValueSource(strings = {"nio", "epoll", "io_uring"})
    void connectionsOfTasksThatWaitForAnotherLoopsBeginAreAllOfOnePoller(String engine) throws Exception {
        assumeTrue(Engines.offers().stream().anyMatch(offer -> offer.name().equals(engine) && offer.whyNot().isEmpty()),
                engine);
        try (Program child = ChildJvm.start(List.of(), BeginningChild.class, engine, "10")) {
            byte[] printed = Heddle.run(child::output);
            assertEquals("10 answered\n", text(printed));
        }
    }
}
