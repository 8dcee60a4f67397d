package dev.heddle.cluster.sql;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;

/** The end of a session as another node brings it about. */
public final class Expiry {

    private Expiry() {}

    /** Ends a session, whatever its owner thinks. Blocks. */
    public static void end(SqlDialect dialect, long session) {
        var line = new SqlLine(dialect, Duration.ofSeconds(10));
        String cluster = line.call(each -> {
            PreparedStatement query = each
                    .prepare(new SqlSchema(dialect).in("select cluster from S.sessions where id = ?"));
            query.setLong(1, session);
            try (ResultSet rows = query.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        });
        line.transaction(each -> {
            new SqlTables(dialect, cluster).end(each, session, -1);
            return null;
        });
        line.close();
        dialect.committed();
    }
}
