package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Heddle;
import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.PartKind;
import dev.heddle.internal.sight.Parts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What people do with parts, where the program allows it. */
final class ActViewTest {

    private static final String SWITCH = "heddle.observe";

    private static final PartKind<Kettle> KIND = PartKind.<Kettle>of("kettle", Kettle::figures)
            .until(kettle -> kettle.broken)
            .acting(Map.of(
                    "boil", kettle -> kettle.did.add("boil"),
                    "burst", _ -> {
                        throw new IllegalStateException("it is made of steel");
                    }));

    /** Something with which people do something. */
    private static final class Kettle {
        private final List<String> did = new ArrayList<>();
        private boolean broken;

        private Figures figures() {
            return new Figures(did.size());
        }
    }

    /** How often it was boiled. */
    public record Figures(int boiled) {}

    private final Kettle kettle = new Kettle();
    private long id;

    @BeforeEach
    void addKettle() {
        System.setProperty(SWITCH, "acts");
        Parts.add(KIND, kettle);
        id = Parts.all().stream().filter(part -> part.get() == kettle).mapToLong(Part::id).findFirst().orElseThrow();
    }

    @AfterEach
    void forget() {
        System.clearProperty(SWITCH);
        kettle.broken = true;
    }

    private static String answer(View view, String request) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        view.write(ViewRequest.parse(request), new JsonLines(bytes));
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String refusal(String request) {
        return assertThrows(BadRequestException.class, () -> answer(new ActView(), request), request).getMessage();
    }

    @Test
    void partDoesWhatItIsToldAndSaysWhatItCan() throws IOException {
        assertEquals("{\"kind\":\"acted\",\"part\":" + id + ",\"did\":\"boil\"}\n",
                answer(new ActView(), "act part=" + id + " do=boil"));
        assertEquals(List.of("boil"), kettle.did);
        assertTrue(answer(new PoolsView("kettle"), "jobs").contains(",\"acts\":[\"boil\",\"burst\"]}\n"));
    }

    @Test
    void whatCannotBeDoneIsNamed() {
        assertEquals("what can be done with kettle " + id + ": boil, burst", refusal("act part=" + id + " do=fly"));
        assertEquals("what can be done with kettle " + id + ": boil, burst", refusal("act part=" + id));
        assertTrue(refusal("act part=" + id + " do=burst").contains("it is made of steel"));
        assertEquals("there is no part 123456789, or no more", refusal("act part=123456789 do=boil"));
        assertEquals("there is no part 0, or no more", refusal("act do=boil"));
        kettle.broken = true;
        assertTrue(refusal("act part=" + id + " do=boil").contains("no more"));
        assertEquals(List.of(), kettle.did);
    }

    @Test
    void programThatDoesNotAllowActsOnlyLooks() {
        System.clearProperty(SWITCH);
        assertTrue(refusal("act part=" + id + " do=boil").contains("may only be looked at"));
        assertEquals(List.of(), kettle.did);
    }

    @Test
    void verbOfJobsIsToldWhereThereAreSome() throws IOException {
        Heddle.run(() -> {}); // so that there is a program to be seen
        assertFalse(answer(new ProgramView(), "program").contains("\"jobs\""));
        Kettle queue = new Kettle();
        Parts.add(PartKind.<Kettle>of("jobs", Kettle::figures).until(each -> each.broken), queue);
        assertTrue(answer(new ProgramView(), "program").contains("\"jobs\""));
        assertEquals(1,
                answer(new PoolsView("jobs"), "jobs").lines().filter(line -> line.contains("\"part\"")).count());
        queue.broken = true;
        assertEquals(0,
                answer(new PoolsView("jobs"), "jobs").lines().filter(line -> line.contains("\"part\"")).count());
    }
}
