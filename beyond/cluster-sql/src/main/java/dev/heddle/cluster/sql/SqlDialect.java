package dev.heddle.cluster.sql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/**
 * SQL dialect: what one database says in its own way.
 *
 * <p>Threads: any.
 */
public interface SqlDialect {

    /**
     * A new connection that commits each statement, until it is told otherwise.
     *
     * @param patience how long it and each of its statements may wait: for the server, and for a lock
     */
    Connection connect(Duration patience) throws SQLException;

    /**
     * Which server has been connected, and which of its histories it goes on with: another text when a standby was
     * promoted, or a copy brought back. Empty if nobody can tell. Fails if the server takes no changes.
     */
    String server(Connection connection) throws SQLException;

    /** What stands before the name of a table: a schema and a dot, or nothing. */
    String schema();

    /** The type of bytes. */
    String bytesType();

    /** The type of texts that are sorted by their characters' numbers. */
    String textType();

    /** What stands behind a table whose rows change often. */
    String changingTable();

    /** What stands behind a query for rows that nobody else may change until the transaction ends. */
    String forUpdate();

    /** What stands behind the statement that raises a cluster's stamp. It may contain quotes, no parameters. */
    String andNotify();

    /** Begins what only one connection does at a time, up to the end of its transaction. */
    void lockSchema(Connection connection) throws SQLException;

    /** Whether there is a table of this name in the schema. */
    boolean hasTable(Connection connection, String table) throws SQLException;

    /** Makes the schema, if that is needed and it is not there. */
    void makeSchema(Connection connection) throws SQLException;

    /** Begins to listen for changes of a cluster. */
    ChangeListener listen(Connection connection, String cluster) throws SQLException;

    /** Called by whoever has committed a change. */
    void committed();

    /** Whether another try of the same would fail alike. */
    boolean isLasting(SQLException failure);

    /** What is wrong and what to do, for a person. */
    String explain(SQLException failure);

    /** A connection that is told of changes. Not for several threads. */
    interface ChangeListener {

        /** Waits until there may be changes that have come since the call before, or for the time. */
        void await(long millis) throws SQLException, InterruptedException;
    }
}
