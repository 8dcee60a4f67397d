package dev.heddle;

/** The statistics of a {@link ParkingLot} at one moment. */
public sealed interface ParkingLotStatistics permits ParkingLot.Statistics {

    /** Calls that wait. */
    int waiting();
}
