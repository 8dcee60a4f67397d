package dev.heddle.cluster.sql.sim;

import dev.heddle.conformance.PlantedBug;
import java.nio.file.Path;
import java.util.List;

/** Bugs in the stores on databases that bad days are to find. */
final class SqlBugs {

    private static final Path MAIN = Path.of("src", "main", "java");
    private static final Path TEST = Path.of("src", "test", "java");

    /** Each kind of broken promise. */
    static final List<PlantedBug> ALL = List.of(
            bug("a commit without an answer is taken for a failure", "SqlLine.java",
                    "return call(Fate.UNKNOWN, line -> {", "return call(Fate.NO_EFFECT, line -> {"),
            bug("a commit without an answer is taken for a success", "SqlSession.java",
                    "uncertain = e.fate() == Fate.UNKNOWN && commit != null ? commit : uncertain;",
                    "if (e.fate() == Fate.UNKNOWN && commit != null) {\n return made(commit);\n }"),
            bug("the attempt before is taken for this one", "SqlSession.java",
                    "fence(committing) == uncertain.attempt()", "fence(committing) >= uncertain.attempt() - 1"),
            bug("an attempt is noted under the number of the one before", "SqlTables.java",
                    "attempt, session, attempt, attempt) == 1;", "attempt - 1, session, attempt, attempt) == 1;"),
            bug("a fence does not wait for what is under way", "SqlTables.java",
                    "\"select applied from S.sessions where id = ?\") + dialect.forUpdate());",
                    "\"select applied from S.sessions where id = ?\"));"),
            bug("a lost notice is never made up for", "SqlSession.java",
                    "tellChanges();\n                for (", "for ("),
            bug("a lease counts from the answer", "SqlSession.java",
                    "heardAt = sent;\n", "heardAt = loop.nanoTime();\n"),
            bug("a lease is compared by the wall clock", "SqlSession.java",
                    "long now = loop.nanoTime();\n        // Another",
                    "long now = loop.engine().now().toEpochMilli() * 1_000_000;\n        // Another"),
            bug("a session is ended whatever it shows", "SqlSession.java",
                    "end(keeping, tables, each.session(), each.beat());", "end(keeping, tables, each.session(), -1);"),
            bug("a session that was ended goes on", "SqlTables.java",
                    "\"update S.sessions set beat = beat + 1 where id = ?\"), session) == 1;",
                    "\"update S.sessions set beat = beat + 1 where id = ?\"), session) >= 0;"),
            bug("stamps come from a sequence", "SqlTables.java",
                    "return new Mark(rows.getLong(1), rows.getString(2), rows.getString(3), rows.getLong(4));",
                    "return new Mark(Math.max(rows.getLong(1), SEQUENCE.incrementAndGet()), rows.getString(2),"
                            + " rows.getString(3), rows.getLong(4));\n    }\n    private static final"
                            + " java.util.concurrent.atomic.AtomicLong SEQUENCE ="
                            + " new java.util.concurrent.atomic.AtomicLong();\n    static {\n"),
            bug("what others have changed is still read from memory", "SqlSession.java",
                    "changes.forEach(recent::changed);", ""),
            bug("a local read is answered from memory though more was seen", "SqlRecent.java",
                    "one != null && seen.stamp() <= told ?", "one != null ?"),
            bug("a session tells of its own commit though another came before", "SqlSession.java",
                    "if (commit.before() == told) {", "if (commit.before() >= told) {"),
            bug("a watch skips what was forgotten", "SqlSession.java",
                    "if (history.forgotten() > recent.told()) {",
                    "if (history.forgotten() > Long.MAX_VALUE - 1) {"),
            bug("a watch reads its history from one stamp too late", "SqlSession.java",
                    "recent.told(last);", "recent.told(last + (last % 7 == 0 ? 1 : 0));"),
            bug("a database that has gone back is not noticed", "SqlTables.java",
                    "if (!goesOn || next.stamp < floor) {", "if (!goesOn) {"),
            bug("only a stamp that falls shows that a database has gone back", "SqlTables.java",
                    "if (!goesOn || next.stamp < floor) {", "if (next.stamp < floor) {"),
            bug("entries stay when their session is ended", "SqlTables.java",
                    "if (!gone.isEmpty()) {", "if (gone.size() > 1) {"),
            new PlantedBug("reads go to a standby that is behind", TEST, "dev/heddle/cluster/sql/sim/SimDatabase.java",
                    "transaction = new SimTransaction(rows, locks);",
                    "transaction = new SimTransaction(session.readsOnly() ? standby : rows, locks);"));

    private SqlBugs() {}

    /** @param source the file, below {@code dev/heddle/cluster/sql} */
    private static PlantedBug bug(String words, String source, String right, String wrong) {
        return new PlantedBug(words, MAIN, "dev/heddle/cluster/sql/" + source, right, wrong);
    }
}
