package dev.heddle.cluster.storm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.cluster.storm.Storm.Engine;
import dev.heddle.cluster.storm.Storm.Plan;
import dev.heddle.cluster.storm.Storm.Strike;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FindingsTest {

    private static final Plan PLAN = new Plan(Engine.EMBEDDED, List.of(Strike.KILL), 1, 10, 1000, 4000);

    @TempDir
    Path folder;

    @Test
    void jobOfAWholeStormThatHasNotEndedIsLost() throws IOException {
        assertEquals(List.of("the job j2 was accepted and is lost"), findings(true));
    }

    @Test
    void jobOfAStormThatWasBrokenOffIsNotYetLost() throws IOException {
        assertEquals(
                List.of("the job j2 was accepted and had not ended 250 ms later, when the storm was broken off"),
                findings(false));
    }

    private List<String> findings(boolean whole) throws IOException {
        Files.writeString(folder.resolve("jobs-n1-1.journal"), "1010 j1 1 n1 begin\n1020 j1 1 n1 end\n");
        Files.writeString(
                folder.resolve("load-n4-2.journal"), "1000 submitted j1\n1050 submitted j2\n1300 ended j1 done\n");
        return Findings.of(PLAN, List.of(), List.of(), whole, folder).problems();
    }
}
