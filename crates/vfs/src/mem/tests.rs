use super::*;

#[test]
fn a_crash_keeps_only_what_was_synced() {
    let disk = MemDisk::default();
    disk.create_folder(Path::new("d")).unwrap();
    let path = Path::new("d/a");
    let mut file = disk.append(path).unwrap();
    file.write_all(b"one").unwrap();
    file.syncer().sync().unwrap();
    disk.sync_folder(Path::new("d")).unwrap();
    file.write_all(b"two").unwrap();
    assert_eq!(disk.read(path).unwrap(), b"onetwo");
    disk.crash();
    assert_eq!(disk.read(path).unwrap(), b"one");
}

#[test]
fn a_synced_file_whose_name_was_not_synced_is_lost() {
    let disk = MemDisk::default();
    let mut file = disk.append(Path::new("a")).unwrap();
    file.write_all(b"one").unwrap();
    file.syncer().sync().unwrap();
    disk.crash();
    assert!(disk.read(Path::new("a")).is_err());
}

fn unsynced_rename(loss: Loss) -> MemDisk {
    let disk = MemDisk::default();
    disk.append(Path::new("old"))
        .unwrap()
        .write_all(b"old!")
        .unwrap();
    disk.append(Path::new("old"))
        .unwrap()
        .syncer()
        .sync()
        .unwrap();
    disk.sync_folder(Path::new("")).unwrap();
    disk.append(Path::new("new"))
        .unwrap()
        .write_all(b"new!")
        .unwrap();
    disk.rename(Path::new("new"), Path::new("old")).unwrap();
    assert_eq!(disk.read(Path::new("old")).unwrap(), b"new!");
    disk.crash_with(loss);
    disk
}

#[test]
fn a_rename_without_syncs_may_leave_the_old_the_new_or_an_empty_file() {
    let expected: [&[u8]; 5] = [b"old!", b"", b"old!", b"ne", b"new!"];
    for (loss, expected) in Loss::ALL.into_iter().zip(expected) {
        let disk = unsynced_rename(loss);
        assert_eq!(disk.read(Path::new("old")).unwrap(), expected, "{loss:?}");
        assert_eq!(disk.list(Path::new("")).unwrap().len(), 1);
    }
}

#[test]
fn an_unsynced_removal_comes_back() {
    let disk = MemDisk::from_image([(PathBuf::from("d/a"), b"1".to_vec())].into());
    disk.remove_folder(Path::new("d")).unwrap();
    assert!(disk.list_folders(Path::new("")).unwrap().is_empty());
    disk.crash();
    assert_eq!(disk.read(Path::new("d/a")).unwrap(), b"1");
}

#[test]
fn a_full_disk_takes_what_fits_and_refuses_the_rest() {
    let disk = MemDisk::default();
    disk.set_fault(Fault::FullAfter(4));
    let mut file = disk.append(Path::new("a")).unwrap();
    let error = file.write_all(b"123456").unwrap_err();
    assert_eq!(error.source.kind(), ErrorKind::StorageFull);
    assert_eq!(disk.read(Path::new("a")).unwrap(), b"1234");
    disk.set_fault(Fault::None);
    file.write_all(b"5").unwrap();
}

#[test]
fn a_failed_sync_makes_nothing_durable() {
    let disk = MemDisk::default();
    let mut file = disk.append(Path::new("a")).unwrap();
    disk.sync_folder(Path::new("")).unwrap();
    file.write_all(b"1").unwrap();
    disk.set_fault(Fault::SyncFails);
    assert!(file.syncer().sync().is_err());
    disk.crash();
    assert_eq!(disk.read(Path::new("a")).unwrap(), b"");
}

#[test]
fn a_dead_disk_does_nothing_more_until_the_power_is_back() {
    let disk = MemDisk::default();
    let mut file = disk.append(Path::new("a")).unwrap();
    disk.set_fault(Fault::DeadAfter(1));
    file.write_all(b"12").unwrap();
    assert!(file.write_all(b"34").is_err());
    assert!(file.write_all(b"56").is_err() && disk.read(Path::new("a")).is_err());
    disk.crash_with(Loss::Nothing);
    assert_eq!(disk.read(Path::new("a")).unwrap(), b"123");
    file.write_all(b"4").unwrap();
}

#[test]
fn one_operation_fails_and_the_next_works() {
    let disk = MemDisk::default();
    disk.set_fault(Fault::FailsOnceAfter(1));
    let mut file = disk.append(Path::new("a")).unwrap();
    assert!(file.write_all(b"12").is_err());
    file.write_all(b"3").unwrap();
    assert_eq!(disk.read(Path::new("a")).unwrap(), b"13");
    assert_eq!(disk.operations(), 3);
}

#[test]
fn an_open_file_outlives_its_name_and_reads_parts() {
    let disk = MemDisk::from_image([(PathBuf::from("a"), b"12345".to_vec())].into());
    let file = disk.open(Path::new("a")).unwrap();
    disk.remove(Path::new("a")).unwrap();
    let mut part = [0; 2];
    file.read_at(3, &mut part).unwrap();
    assert_eq!((&part, file.size().unwrap()), (b"45", 5));
    let short = file.read_at(4, &mut part).unwrap_err();
    assert_eq!(short.source.kind(), ErrorKind::UnexpectedEof);
}

#[test]
fn a_lock_is_held_once_and_again_after_it_was_dropped() {
    let disk = MemDisk::default();
    let held = disk.lock(Path::new("lock")).unwrap();
    assert!(disk.lock(Path::new("lock")).is_err());
    drop(held);
    disk.lock(Path::new("lock")).unwrap();
}

#[test]
fn files_need_their_folder_as_on_a_real_disk() {
    let disk = MemDisk::default();
    let error = disk.append(Path::new("d/a")).err().unwrap();
    assert_eq!(error.source.kind(), ErrorKind::NotFound);
}
