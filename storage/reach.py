"""How people can be reached beside their chat: telephone, address, emergency contact, e-mail; all of it sealed."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from storage.database import vault_of
from storage.tables import Contact, Person
from storage.vault import Place


async def set_contact(
    session: AsyncSession, patient_id: int, *, phone: str = "", emergency_contact: str = "", address: str = ""
) -> None:
    """Keep how a patient can be reached, sealed; what is not given stays as it is."""
    contact = await session.get(Contact, patient_id) or Contact(patient_id=patient_id)
    _seal_contact(session, contact, phone=phone, emergency_contact=emergency_contact, address=address)
    session.add(contact)
    await session.flush()


def keep_contact(session: AsyncSession, patient_id: int, *, phone: str = "", emergency_contact: str = "") -> None:
    """Keep how a new patient can be reached, if anything is known; it is stored with the next flush."""
    if phone or emergency_contact:
        contact = Contact(patient_id=patient_id)
        _seal_contact(session, contact, phone=phone, emergency_contact=emergency_contact)
        session.add(contact)


async def contact(session: AsyncSession, patient_id: int) -> dict[str, str]:
    """How a patient can be reached: phone, emergency_contact and address, as far as they are known."""
    row = await session.get(Contact, patient_id)
    if row is None:
        return {}
    sealed = {"phone": row.phone, "emergency_contact": row.emergency_contact, "address": row.address}
    vault = vault_of(session)
    return {
        column: vault.open(box, _contact_place(column, patient_id)) for column, box in sealed.items() if box is not None
    }


def set_email(session: AsyncSession, person: Person, address: str | None) -> None:
    """Keep where a person's digests go by e-mail, sealed; None for nowhere."""
    person.email = vault_of(session).seal(address, _email_place(person.id)) if address else None


def email_of(session: AsyncSession, person: Person) -> str | None:
    """Where a person's digests go by e-mail."""
    return None if person.email is None else vault_of(session).open(person.email, _email_place(person.id))


async def count_emails(session: AsyncSession) -> int:
    """How many people have an address for their digests."""
    return await session.scalar(select(func.count()).where(Person.email.is_not(None))) or 0


def _seal_contact(
    session: AsyncSession, contact: Contact, *, phone: str = "", emergency_contact: str = "", address: str = ""
) -> None:
    vault, patient_id = vault_of(session), contact.patient_id
    if phone:
        contact.phone = vault.seal(phone, _contact_place("phone", patient_id))
    if emergency_contact:
        contact.emergency_contact = vault.seal(emergency_contact, _contact_place("emergency_contact", patient_id))
    if address:
        contact.address = vault.seal(address, _contact_place("address", patient_id))


def _contact_place(column: str, patient_id: int) -> Place:
    return Place(table="contacts", column=column, row=patient_id, person=patient_id)


def _email_place(person_id: int) -> Place:
    return Place(table="people", column="email", row=person_id, person=person_id)
