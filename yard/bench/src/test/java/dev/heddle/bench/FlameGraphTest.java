package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/** A profile becomes a picture and a table, which say of each sample whose it was. */
final class FlameGraphTest {

    private static final List<Stack> STACKS = Stream.of(
            "java/lang/Thread.run_[j];dev/heddle/Scheduler.turn_[j];dev/heddle/linux/Kernel.call_[j];syscall;"
                    + "do_syscall_64_[k];__x64_sys_sendto_[k];tcp_sendmsg_[k] 500",
            "java/lang/Thread.run_[j];dev/heddle/Scheduler.turn_[j] 200",
            "java/lang/Thread.run_[j];dev/heddle/Scheduler.turn_[j];jdk/internal/vm/Continuation.yield_[i];"
                    + "StubRoutines (continuation stubs) 100",
            "java/lang/Thread.run_[j];dev/heddle/Scheduler.turn_[j];java/util/HashMap.get_[i] 100",
            "java/lang/Thread.run_[j];dev/heddle/bench/SiteHeddle$$Lambda.0x00007f1234.handle_[j] 60",
            "start_thread;CompileBroker::compiler_thread_loop;PhaseIdealLoop::build_and_optimize<x> 39",
            "start_thread;G1ServiceThread::run_service 1").map(Stack::parse).toList();

    @Test
    void sampleIsWhoseWasAtWork() {
        assertEquals(
                List.of(Stack.Owner.KERNEL, Stack.Owner.HEDDLE, Stack.Owner.JVM, Stack.Owner.JDK, Stack.Owner.BENCHMARK,
                        Stack.Owner.JVM, Stack.Owner.JVM),
                STACKS.stream().map(stack -> stack.top().owner()).toList());
        assertEquals("dev/heddle/bench/SiteHeddle.handle", STACKS.get(4).top().name());
    }

    @Test
    void partsAreNamedAndTheSmallOnesAreTogether() {
        List<String> parts = CostPart.of(STACKS).stream()
                .map(part -> part.owner() + ", " + part.what() + ": " + Math.round(part.share() * 1000)).toList();
        assertEquals(
                List.of(
                        "KERNEL, `sendto`: 500",
                        "JVM, stacks of tasks, put away and brought back: 100",
                        "JVM, JIT compiler: 39",
                        "JVM, the rest, less than a hundredth each: 1",
                        "JDK, collections and locks: 100",
                        "HEDDLE, loop and tasks: `core`: 200",
                        "BENCHMARK, what the benchmark does itself: 60"),
                parts);
    }

    @Test
    void frameIsAsWideAsItsShareAndStandsOnItsCaller() throws Exception {
        String svg = FlameGraph.svg("x", "What & why", 1_000, STACKS);
        Document picture = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));

        Element turn = frame(picture, "dev.heddle.Scheduler.turn, 90.0 %, 900 ns");
        Element called = frame(picture, "dev.heddle.linux.Kernel.call, 50.0 %, 500 ns");
        assertEquals(0.9 * 1184, number(turn, "width"), 1);
        assertEquals(0.5 * 1184, number(called, "width"), 1);
        assertTrue(number(called, "y") < number(turn, "y"));
        assertEquals("heddle", turn.getAttribute("class"));
        assertEquals("kernel", frame(picture, "tcp_sendmsg, 50.0 %, 500 ns").getAttribute("class"));
        assertTrue(svg.contains("prefers-color-scheme: dark"));
        assertFalse(svg.contains("G1ServiceThread"), "too small to be seen");
    }

    private static Element frame(Document picture, String title) {
        var titles = picture.getElementsByTagName("title");
        for (int i = 0; i < titles.getLength(); i++) {
            if (titles.item(i).getTextContent().equals(title)) {
                return (Element) titles.item(i).getNextSibling();
            }
        }
        throw new AssertionError("no frame " + title);
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    @Test
    void sectionTakesThePlaceOfTheOneOfItsName() {
        var section = new FlamesPage.Section("echo-epoll", "A message", "message", 2_500, STACKS, "today");
        String text = section.text();
        assertTrue(text.startsWith("## echo-epoll\n\nA message. A message costs 2.50 us of CPU; 1,000 samples.\n"),
                text);
        assertTrue(text.contains("| kernel | `sendto` | 50.0 % | 1.25 us |\n"), text);
        assertTrue(text.contains("| **Heddle** | in all | 20.0 % | 500 ns |\n"), text);

        String one = FlamesPage.with("", "http-epoll", "## http-epoll\n\nold\n", "JDK 25");
        String two = FlamesPage.with(one, "echo-epoll", text, "JDK 25");
        assertTrue(two.indexOf("## echo-epoll") < two.indexOf("## http-epoll\n\nold\n"), two);
        assertEquals(two, FlamesPage.with(two, "echo-epoll", text, "JDK 25"));
        assertFalse(FlamesPage.with(two, "http-epoll", "## http-epoll\n\nnew\n", "JDK 25").contains("old"));
    }
}
