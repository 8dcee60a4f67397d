package dev.heddle.cluster.store;

/**
 * A store in the tables of a database. The first session makes them; where somebody must read the statements first, or
 * the nodes' user lacks the right, they are here.
 */
public interface SqlStore extends StoreEngine {

    /** The statements that make the tables, for a person to read and to run; each ends with a semicolon. */
    String sql();

    /**
     * Makes the tables, or brings them to the version of now, and waits for it; changes nothing if they are of it.
     *
     * <p>Cancellation: a cancelled call may have done it.
     * <p>Threads: a task of any loop.
     *
     * @throws StoreUnavailableException if the database cannot be reached, or does not let this user do it
     */
    void makeTables();
}
